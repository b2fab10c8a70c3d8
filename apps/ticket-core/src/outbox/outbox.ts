import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { DeskEvent } from '#shared/contracts/event.js';
import { currentTrace } from '#shared/messaging/headers.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import { OutboxRelay } from './outbox-relay.js';

export interface OutboxRow {
  event_id: string;
  ticket_id: string;
  name: string;
  version: number;
  payload: Record<string, unknown>;
  trace: string | null;
  at: string;
}

const ADD = statement(
  'outbox.add',
  `INSERT INTO outbox (org_id, event_id, name, version, payload, trace, at)
   SELECT $1, x.event_id, x.name, x.version, x.payload, x.trace, x.at
   FROM jsonb_to_recordset($2::jsonb) AS x(
     event_id uuid, name text, version integer, payload jsonb, trace text, at timestamptz)`,
);

/** The only way to publish an event: its row is written in the transaction of the change, and the relay does the rest. */
@Injectable()
export class Outbox {
  constructor(private readonly relay: OutboxRelay) {}

  async add<E extends DeskEvent>(
    tx: Tx,
    orgId: string,
    event: E,
    payload: z.output<E['payload']>,
    atMs: number,
  ): Promise<void> {
    await this.addAll(tx, orgId, event, [payload], atMs);
  }

  /** Several of one kind, in one statement. */
  async addAll<E extends DeskEvent>(
    tx: Tx,
    orgId: string,
    event: E,
    payloads: readonly z.output<E['payload']>[],
    atMs: number,
  ): Promise<void> {
    if (payloads.length === 0) return;
    const rows = payloads.map((payload) => this.row(event, payload as Record<string, unknown>, atMs));
    await tx.query(ADD, [orgId, jsonb(rows)]);
    this.publishAfter(tx);
  }

  /** For statements that write events together with what they are about (tickets.open adds the number). */
  row(event: DeskEvent, payload: Record<string, unknown>, atMs: number): OutboxRow {
    return {
      event_id: uuidv7(),
      ticket_id: String(payload['ticketId']),
      name: event.name,
      version: event.version,
      payload,
      trace: currentTrace(),
      at: new Date(atMs).toISOString(),
    };
  }

  publishAfter(tx: Tx): void {
    tx.afterCommit(() => this.relay.wake());
  }
}
