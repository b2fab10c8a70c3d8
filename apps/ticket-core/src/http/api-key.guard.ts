import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ApiKeys } from '../organisations/api-keys.js';
import { apiKeyOf } from './session.js';

export const NO_KEY = 'Send an API key, as “Authorization: Bearer dw_…” or as the cookie deskwire_session';

type KnownRequest = FastifyRequest & { actor?: Actor };

/** Lets in who bears a valid API key: `Authorization: Bearer dw_…` (RFC 6750), or the cookie of a session. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly keys: ApiKeys) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<KnownRequest>();
    const key = apiKeyOf(request.headers);
    if (!key) throw new DeskError('UNAUTHORIZED', NO_KEY);
    const actor = await this.keys.actorOf(key);
    if (!actor) throw new DeskError('UNAUTHORIZED', 'This API key is unknown, revoked or expired');
    request.actor = actor;
    return true;
  }
}

/** Who makes this HTTP request. */
export const HttpActor = createParamDecorator((_: unknown, execution: ExecutionContext): Actor => {
  const { actor } = execution.switchToHttp().getRequest<KnownRequest>();
  if (!actor) throw new DeskError('UNAUTHORIZED');
  return actor;
});
