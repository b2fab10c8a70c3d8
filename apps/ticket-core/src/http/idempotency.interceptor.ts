import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { AT_WORK, BROKEN_OFF, COMMITTED, IdempotencyRepository } from './idempotency.repository.js';

/**
 * `Idempotency-Key` on a POST: the first request does the work, and any other with the same key gets the same answer
 * (draft-ietf-httpapi-idempotency-key-header). The same key with another body is UNPROCESSABLE, and while the first is
 * still at work CONFLICT. A request that failed may be tried again with its key; one of whose work anything was committed is
 * never done again, even when the service died before its answer was kept, or something else failed after it.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly keys: IdempotencyRepository,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<FastifyRequest & { actor?: Actor }>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.actor) return next.handle();
    if (typeof key !== 'string' || key.length === 0 || key.length > 200) {
      throw new DeskError('BAD_REQUEST', 'Idempotency-Key: must be 1 to 200 characters');
    }
    return from(this.once(request.actor, key, request, http.getResponse<FastifyReply>(), next));
  }

  private async once(
    actor: Actor,
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const name = `${actor.id ?? actor.kind}:${key}`;
    const hash = createHash('sha256')
      .update(`${request.method} ${request.url}\n${JSON.stringify(request.body)}`)
      .digest('hex');
    const before = await this.keys.begin(actor.orgId, name, hash);
    if (before) {
      if (before.request_hash !== hash)
        throw new DeskError('UNPROCESSABLE', 'This Idempotency-Key was used for another request');
      if (before.status === BROKEN_OFF)
        throw new DeskError(
          'CONFLICT',
          'The first request with this Idempotency-Key failed after some of its work was done: look before you repeat it with another key',
        );
      if (before.status === COMMITTED && before.is_abandoned)
        throw new DeskError(
          'CONFLICT',
          'The first request with this Idempotency-Key has done its work, or some of it, but its answer was lost: look before you repeat it with another key',
        );
      if (before.status === AT_WORK || before.status === COMMITTED)
        throw new DeskError(
          'CONFLICT',
          'The first request with this Idempotency-Key is still at work; try again in a moment',
        );
      void reply.status(before.status).header('idempotent-replayed', 'true');
      return before.response;
    }
    const response: unknown = await this.keys
      .marked(name, () => lastValueFrom(next.handle()))
      .catch(async (error: unknown) => {
        await this.keys.fail(actor.orgId, name);
        throw error;
      });
    // It is done. That the answer cannot be kept must not look as if it were not.
    await this.keys.finish(actor.orgId, name, reply.statusCode, response).catch((error: unknown) => {
      this.log.warn({ err: error }, 'the answer to an Idempotency-Key could not be kept');
    });
    return response;
  }
}
