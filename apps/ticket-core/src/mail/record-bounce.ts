import { Injectable } from '@nestjs/common';
import { systemActor } from '#shared/contracts/actor.js';
import { messageDelivery } from '#shared/contracts/events.js';
import type { ReadMailFacts } from '#shared/contracts/mail-in.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { OutboundMailRepository } from './outbound-mail.repository.js';

/** A bounce belongs to the message that bounced: its delivery says so, and so do the ticket's history and its card. */
@Injectable()
export class RecordBounce {
  constructor(
    private readonly outbound: OutboundMailRepository,
    private readonly log: ActivityLog,
    private readonly outbox: Outbox,
  ) {}

  /** Null when it is about nothing that we sent. */
  async execute(
    tx: Tx,
    orgId: string,
    bounce: ReadMailFacts['bounceOf'],
    ticketId: string | null,
    atMs: number,
  ): Promise<{ ticket: { id: string; number: number }; messageId: string | null } | null> {
    if (!bounce || (!bounce.messageId && !ticketId)) return null;
    const detail = [bounce.status, bounce.hard ? 'permanent' : 'temporary', bounce.address, bounce.diagnostic]
      .filter(Boolean)
      .join(' · ')
      .slice(0, 1_000);
    const row = await this.outbound.bounced(tx, bounce.messageId, ticketId, bounce.address, detail);
    if (!row) return null;
    const { ticket_id: id, number, version, message_id: messageId } = row;
    const to = {
      messageId,
      address: bounce.address,
      status: bounce.status,
      hard: bounce.hard,
      diagnostic: bounce.diagnostic.slice(0, 2_000),
    };
    await this.log.add(tx, orgId, [activity(systemActor(orgId), id, 'message_bounced', atMs, { to })]);
    if (messageId)
      await this.outbox.add(
        tx,
        orgId,
        messageDelivery,
        { ticketId: id, number, version, messageId, state: 'bounced', detail },
        atMs,
      );
    return { ticket: { id, number }, messageId };
  }
}
