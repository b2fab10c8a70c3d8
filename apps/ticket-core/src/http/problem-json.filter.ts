import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DeskError } from '#shared/errors/desk-error.js';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/error-codes.js';
import { LOG } from '#shared/messaging/messaging.module.js';

/** Every error over HTTP is `application/problem+json` (RFC 9457) with our code and a pointer to each field. */
@Catch()
@Injectable()
export class ProblemJsonFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = thrown instanceof DeskError ? thrown : fromFramework(thrown);
    const { http: status, title } = ERROR_CODES[error.code];
    if (error.code === 'INTERNAL')
      this.log.error({ err: error.cause ?? thrown, url: request.url, method: request.method }, 'a request failed');
    const reply = http.getResponse<FastifyReply>();
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 503) reply.header('retry-after', '1');
    void reply
      .status(status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send({
        type: `https://deskwire.dev/errors/${error.code.toLowerCase()}`,
        title,
        status,
        code: error.code,
        detail: error.message,
        instance: request.url.split('?')[0],
        ...(error.problems.length > 0 && { errors: error.problems }),
      });
  }
}

const CODE_OF = new Map<number, ErrorCode>(
  (Object.entries(ERROR_CODES) as [ErrorCode, { http: number }][]).map(([code, { http }]) => [http, code]),
);

/** What Nest and Fastify throw themselves: no such route, a body that is no JSON, too large. */
function fromFramework(thrown: unknown): DeskError {
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number })?.statusCode;
  if (typeof status !== 'number' || status >= 500) return DeskError.from(thrown);
  const code = CODE_OF.get(status) ?? 'BAD_REQUEST';
  const message = (thrown as Error).message;
  return new DeskError(
    code,
    code === 'NOT_FOUND' && message.startsWith('Cannot ') ? `There is nothing at this address (${message})` : message,
  );
}
