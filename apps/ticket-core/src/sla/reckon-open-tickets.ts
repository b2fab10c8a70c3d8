import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { systemActor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Rounds } from '#shared/service/rounds.js';
import { choosePolicy } from '#sla/choose-policy.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { ticketFactsOf } from '../tickets/ticket-facts.js';
import { OpenTicketRepository, type OpenTicketRow } from './open-ticket.repository.js';
import { PolicyBook } from './policy-book.js';
import { ReckonClocks } from './reckon-clocks.js';
import { type ReckoningRow, ReckoningRepository } from './reckoning.repository.js';

const IDLE_MS = 1_000;
const LEASE_MS = 10_000;
/** Its tickets are locked until it commits: small enough that nobody notices. */
const BATCH = 50;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * After a policy has changed: walks the open tickets in batches and reckons those again that have it or now get it. Each
 * batch and its progress are one transaction, so that it may be killed at any point and goes on from there.
 */
@Injectable()
export class ReckonOpenTickets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds = new Rounds(
    () => this.turn(),
    (error) => this.log.warn({ err: error }, 'reckoning open tickets again goes on later'),
    IDLE_MS,
  );

  constructor(
    private readonly database: Database,
    private readonly reckonings: ReckoningRepository,
    private readonly tickets: OpenTicketRepository,
    private readonly find: FindTicket,
    private readonly book: PolicyBook,
    private readonly clocks: ReckonClocks,
    private readonly outbox: Outbox,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.end();
  }

  private async turn(): Promise<number> {
    const walk = await this.database.across((tx) => this.reckonings.claim(tx, LEASE_MS));
    if (!walk) return IDLE_MS;
    // Where it fails again and again, the lease decides when it is tried next.
    await this.rounds.stepThrough(walk, (at) => this.batch(at));
    return 0;
  }

  /** Where the next batch begins; null at the end. */
  private batch(from: ReckoningRow): Promise<ReckoningRow | null> {
    return this.database.tenant(from.org_id, async (tx) => {
      const rows = await this.tickets.batch(tx, from.after_ticket ?? FIRST, BATCH);
      const policies = await this.book.of(tx, from.org_id);
      let changed = 0;
      for (const row of rows) {
        if (row.tracking_id === null) continue;
        const chosen = choosePolicy(policies, ticketFactsOf(row));
        // Tickets of other policies are none of this change's business; those of a deleted one keep it.
        if (row.policy_id !== from.policy_id && chosen?.id !== from.policy_id) continue;
        if (row.policy_id === (chosen?.id ?? null) && row.policy_version === (chosen?.version ?? null)) continue;
        if (await this.one(tx, from.org_id, row)) changed += 1;
      }
      const last = rows.at(-1)?.id ?? null;
      const finished = rows.length < BATCH;
      const by = { to: last, lookedAt: rows.length, changed, finished, leaseMs: LEASE_MS };
      if (!(await this.reckonings.advance(tx, from, by))) throw new Error('this walk was taken over or replaced');
      if (!finished) return { ...from, after_ticket: last };
      this.log.info({ policy: from.policy_id, version: from.version }, 'open tickets follow the SLA policy');
      return null;
    });
  }

  /** One that may have changed: false when there was nothing to reckon. */
  async one(tx: Tx, orgId: string, { id, number }: Pick<OpenTicketRow, 'id' | 'number'>): Promise<boolean> {
    await this.tickets.lock(tx, id);
    // Read again: it may have changed while we waited for the lock.
    const actor = systemActor(orgId);
    const ticket = await this.find.execute(tx, actor, id, 'read').catch((error: unknown) => {
      if (error instanceof DeskError && error.code === 'NOT_FOUND') return null; // deleted meanwhile
      throw error;
    });
    if (!ticket || ticket.status === 'resolved' || ticket.status === 'closed') return false;
    const nowMs = Date.now();
    const deadline = await this.clocks.again(tx, orgId, id, ticketFactsOf(ticket), true, nowMs);
    const version = await this.tickets.setDeadline(tx, id, deadline, new Date(nowMs));
    // No field of the ticket's own changed: cards show the new deadline, and nobody is told of it in words.
    const who = { kind: actor.kind, id: actor.id, name: actor.name };
    await this.outbox.add(tx, orgId, ticketUpdated, { ticketId: id, number, version, actor: who, changes: [] }, nowMs);
    return true;
  }
}
