import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** ETag: the version of the ticket that is answered, as `If-Match` takes it back (RFC 9110 8.8.3 and 13.1.1). */
@Injectable()
export class TicketTagInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        const { number, version } = (answer ?? {}) as { number?: unknown; version?: unknown };
        if (typeof number === 'number' && typeof version === 'number') void reply.header('etag', `"${version}"`);
        return answer;
      }),
    );
  }
}
