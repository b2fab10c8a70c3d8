import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { NatsContext } from '@nestjs/microservices';
import { DeskError } from '#shared/errors/desk-error.js';
import { claimedActor, contractOf, resolveActor } from '#shared/messaging/contract-handlers.js';
import { KnownActors } from './known-actors.js';

/**
 * Whoever a NATS request says that it is from is looked up before any handler sees it: only organisation, kind, id and
 * surface are taken from the request. A service in its own name gets what the contract has for it. HTTP has the key instead
 * (ApiKeyGuard).
 */
@Injectable()
export class ActorGuard implements CanActivate {
  constructor(private readonly people: KnownActors) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    if (execution.getType() !== 'rpc') return true;
    if (!(execution.switchToRpc().getContext<unknown>() instanceof NatsContext)) return true;
    const claimed = claimedActor(execution);
    if (claimed?.kind === 'system' && !contractOf(execution).bySystem) {
      throw new DeskError('FORBIDDEN', 'A service may ask this only for an agent or a contact, not for itself');
    }
    if (claimed) resolveActor(execution, await this.people.resolve(claimed));
    return true;
  }
}
