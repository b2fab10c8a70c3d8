import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { MessageRepository } from './message.repository.js';

/** How many messages of a ticket its customer can read; the people of the organisation are told by the ticket itself. */
@Injectable()
export class CountMessages {
  constructor(private readonly messages: MessageRepository) {}

  /** By ticket; nothing is asked for anybody but customers. */
  async forReader(tx: Tx, actor: Actor, ticketIds: readonly string[]): Promise<(ticketId: string) => number> {
    if (actor.kind !== 'contact' || ticketIds.length === 0) return () => 0;
    const counts = await this.messages.countForCustomer(tx, ticketIds);
    return (ticketId) => counts.get(ticketId) ?? 0;
  }
}
