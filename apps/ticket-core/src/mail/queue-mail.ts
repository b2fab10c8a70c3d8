import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import { HINTS } from '#shared/contracts/hints.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { NATS } from '#shared/messaging/messaging.module.js';
import type { Tx } from '../database/database.js';
import { OutboundMailRepository } from './outbound-mail.repository.js';

/** Puts mail to customers into the queue, in the transaction of what it tells of. */
@Injectable()
export class QueueMail {
  constructor(
    private readonly outbound: OutboundMailRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /** A public reply; its mail waits `waitMs` first, so that it can be undone. */
  async reply(
    tx: Tx,
    orgId: string,
    reply: { ticketId: string; messageId: string; to: string[]; cc: string[]; waitMs: number },
  ): Promise<void> {
    const nowMs = Date.now();
    const row = rowOf('reply', reply.ticketId, reply.messageId, reply.to, reply.cc, nowMs, reply.waitMs);
    if ((await this.outbound.queue(tx, orgId, [row])) === 0)
      throw new DeskError('UNPROCESSABLE', 'Your organisation has no support address that a reply could be sent from');
    this.hintAfter(tx);
  }

  /** "We have your mail": one a sender and day. */
  async acknowledgements(
    tx: Tx,
    orgId: string,
    tickets: readonly { ticketId: string; to: string }[],
    nowMs: number,
  ): Promise<void> {
    const firstOf = new Map(tickets.toReversed().map((ticket) => [ticket.to, ticket]));
    if (firstOf.size === 0) return;
    const allowed = await this.outbound.acknowledgeOnce(tx, orgId, [...firstOf.keys()], new Date(nowMs));
    const rows = [...firstOf.values()].filter(({ to }) => allowed.has(to));
    await this.outbound.queue(
      tx,
      orgId,
      rows.map(({ ticketId, to }) => rowOf('acknowledgement', ticketId, null, [to], [], nowMs, 0)),
    );
    if (rows.length > 0) this.hintAfter(tx);
  }

  /** True when it was still waiting and now never leaves. */
  cancel(tx: Tx, messageId: string): Promise<boolean> {
    return this.outbound.cancel(tx, messageId);
  }

  /** True when it still waits; then nobody takes it until the transaction ends. */
  hold(tx: Tx, messageId: string): Promise<boolean> {
    return this.outbound.hold(tx, messageId);
  }

  private hintAfter(tx: Tx): void {
    tx.afterCommit(() => {
      if (!this.nats.isClosed()) this.nats.publish(HINTS.mailQueued);
    });
  }
}

const rowOf = (
  kind: string,
  ticketId: string,
  messageId: string | null,
  to: string[],
  cc: string[],
  nowMs: number,
  waitMs: number,
) => ({
  // A reply's mail has the message's own id, and so its Message-ID names the message.
  id: messageId ?? uuidv7(),
  ticket_id: ticketId,
  message_id: messageId,
  kind,
  recipients: to,
  cc,
  due_at: new Date(nowMs + waitMs).toISOString(),
  queued_at: new Date(nowMs).toISOString(),
});
