import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#shared/contracts/actor.js';
import type { Area } from '#shared/contracts/api-keys.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ApiKeys, type KeyHolder } from '../api-keys/api-keys.js';
import { AREA } from './area.js';
import { demandScope } from './scope.policy.js';
import { apiKeyOf, isForeignPage, surfaceOf } from './session.js';

export const NO_KEY = 'Send an API key, as “Authorization: Bearer dw_…” or as the cookie deskwire_session';
export const BAD_KEY = 'This API key is unknown, revoked or expired';
const FOREIGN_PAGE =
  'A page of another site may not do this with your cookie: send the key in the Authorization header';

/** `actor` is there for interceptors that know nothing of keys. */
type KnownRequest = FastifyRequest & { actor?: Actor; keyHolder?: KeyHolder };

/**
 * Lets in who bears a valid API key (`Authorization: Bearer dw_…`, RFC 6750, or the cookie of a session), as far as its
 * scopes reach: to read what a controller’s `@Area` has (GET, HEAD), or to write.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<KnownRequest>();
    const key = apiKeyOf(request.headers);
    if (!key) throw new DeskError('UNAUTHORIZED', NO_KEY);
    const holder = await this.keys.holderOf(key, surfaceOf(request.headers));
    if (!holder) throw new DeskError('UNAUTHORIZED', BAD_KEY);
    const act = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write';
    if (act === 'write' && isForeignPage(request.headers)) throw new DeskError('FORBIDDEN', FOREIGN_PAGE);
    const places = [execution.getHandler(), execution.getClass()];
    const area = this.reflector.getAllAndOverride<Area | 'any' | undefined>(AREA, places);
    demandScope(holder.scopes, area, act);
    request.keyHolder = holder;
    request.actor = holder.actor;
    return true;
  }
}

/** Who makes this HTTP request. */
export const HttpActor = createParamDecorator((_: unknown, execution: ExecutionContext): Actor => {
  const { actor } = execution.switchToHttp().getRequest<KnownRequest>();
  if (!actor) throw new DeskError('UNAUTHORIZED');
  return actor;
});

/** The same with what their key opens. */
export const HttpKeyHolder = createParamDecorator((_: unknown, execution: ExecutionContext): KeyHolder => {
  const { keyHolder } = execution.switchToHttp().getRequest<KnownRequest>();
  if (!keyHolder) throw new DeskError('UNAUTHORIZED');
  return keyHolder;
});
