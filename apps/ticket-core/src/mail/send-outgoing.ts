import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { messageDelivery } from '#shared/contracts/events.js';
import type { OutgoingMail, settleOutgoing } from '#shared/contracts/mail-out.js';
import { Database } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { type ClaimedOutgoing, OutboundMailRepository } from './outbound-mail.repository.js';

type Settlement = z.output<(typeof settleOutgoing)['request']>;

const MINUTE_MS = 60_000;
/** RFC 5321 4.5.4.1 asks for waits of at least 30 minutes; the first tries are quicker, since most trouble is short. */
const BACKOFF_MINUTES = [1, 5, 15, 30, 60, 120, 240];
const GIVE_UP_AFTER_MS = 48 * 60 * MINUTE_MS;

/** Mail out: claimed here, sent by mail-intake, settled here. */
@Injectable()
export class SendOutgoing {
  constructor(
    private readonly database: Database,
    private readonly outbound: OutboundMailRepository,
    private readonly outbox: Outbox,
  ) {}

  async claim(
    worker: string,
    limit: number,
    leaseMs: number,
  ): Promise<{ mails: OutgoingMail[]; nextInMs: number | null }> {
    const mails = (await this.outbound.claim(worker, limit, leaseMs)).map(outgoingOf);
    const next = await this.outbound.nextDueAt();
    return { mails, nextInMs: next && Math.max(0, next.getTime() - Date.now()) };
  }

  /** Idempotent: what is settled already, or held by another worker, stays as it is. */
  async settle({ id, worker, outcome }: Settlement): Promise<{ state: string }> {
    const orgId = await this.outbound.organisationOf(id);
    if (!orgId) return { state: 'gone' };
    return this.database.tenant(orgId, async (tx) => {
      const row = await this.outbound.held(tx, id, worker);
      if (!row) return { state: 'settled' };
      const tooLong = Date.now() - row.queued_at.getTime() > GIVE_UP_AFTER_MS;
      if (outcome.state === 'deferred' && !tooLong) {
        const minutes = BACKOFF_MINUTES[Math.min(row.attempts, BACKOFF_MINUTES.length) - 1]!;
        await this.outbound.defer(tx, id, outcome.detail, minutes * MINUTE_MS);
        return { state: 'queued' };
      }
      const state = outcome.state === 'sent' ? 'sent' : 'failed';
      await this.outbound.settle(tx, id, state, outcome.detail);
      if (row.message_id) {
        const { ticket_id: ticketId, number, version, message_id: messageId } = row;
        await this.outbox.add(
          tx,
          orgId,
          messageDelivery,
          { ticketId, number, version, messageId, state, detail: outcome.detail },
          Date.now(),
        );
      }
      return { state };
    });
  }
}

const outgoingOf = (row: ClaimedOutgoing): OutgoingMail => {
  const thread = row.thread ?? [];
  return {
    id: row.id,
    orgId: row.org_id,
    kind: row.kind,
    organisationName: row.organisation_name,
    supportAddress: row.support_address,
    agentName: row.agent_name,
    ticketId: row.ticket_id,
    ticketNumber: row.number,
    contactId: row.contact_id,
    to: row.recipients,
    cc: row.cc,
    subject: row.subject,
    bodyMarkdown: row.body,
    files: (row.files ?? []).map((file) => ({
      id: file.id,
      name: file.name,
      contentType: file.content_type,
      sizeBytes: file.size_bytes,
      contentId: file.content_id,
      blobKey: file.blob_key,
    })),
    messageId: row.mail_id,
    inReplyTo: thread.at(-1) ?? null,
    references: thread,
    attempt: row.attempts,
  };
};
