import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import type { RewordingView } from '#shared/contracts/tags.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Rounds } from '#shared/service/rounds.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity, type ActivityRow } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { type RewordingRow, RewordingRepository } from './rewording.repository.js';
import { rewordingViewOf } from './rewording.view.js';

const IDLE_MS = 1_000;
const LEASE_MS = 10_000;
/** Its tickets are locked until it commits: small enough that nobody notices. */
const BATCH = 50;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** How long whoever renames something waits for the tickets to follow; the rest goes on without them. */
const WAIT_MS = 1_500;
/** And how long the background leaves it to them. */
const HEAD_START_MS = 2_000;

export interface Rewording {
  kind: 'tag' | 'category';
  subjectId: string;
  from: string;
  /** Null: taken off the tickets that are still worked on; finished ones keep it. */
  to: string | null;
}

/**
 * After a tag or category got another name, became one with another, or went: its tickets follow, in batches that each are one
 * transaction with their progress. Tickets that somebody works on change as by anybody's hand (history, clocks, event);
 * finished ones get their line of history and nothing is told of them.
 */
@Injectable()
export class RewordTickets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds = new Rounds(
    () => this.turn(),
    (error) => this.log.warn({ err: error }, 'rewording tickets goes on later'),
    IDLE_MS,
  );

  constructor(
    private readonly database: Database,
    private readonly rewordings: RewordingRepository,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
    private readonly activities: ActivityLog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** In the transaction of the change of name. Give the id to `hurry` when that has committed. */
  async begin(tx: Tx, actor: Actor, { kind, subjectId, from, to }: Rewording, inMs = HEAD_START_MS): Promise<string> {
    const id = uuidv7();
    const row = { org_id: actor.orgId, id, kind, subject_id: subjectId, from_name: from, to_name: to, actor };
    await this.rewordings.add(tx, row, inMs);
    return id;
  }

  /** Does it now, as far as that goes while somebody waits for the answer. Never fails: it goes on in the background. */
  async hurry(orgId: string, id: string): Promise<void> {
    try {
      let at = await this.database.tenant(orgId, (tx) => this.rewordings.claimOne(tx, id, LEASE_MS, HEAD_START_MS));
      const until = Date.now() + WAIT_MS;
      while (at && Date.now() < until) at = await this.batch(at);
    } catch (error) {
      this.log.warn({ err: error }, 'rewording tickets goes on later');
    }
  }

  async progressOf(tx: Tx, subjectIds: readonly string[]): Promise<(subjectId: string) => RewordingView | null> {
    const latest = await this.rewordings.latest(tx, subjectIds);
    return (subjectId) => rewordingViewOf(latest.get(subjectId));
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.end();
  }

  private async turn(): Promise<number> {
    const walk = await this.database.across((tx) => this.rewordings.claim(tx, LEASE_MS));
    if (!walk) return IDLE_MS;
    // Where it fails again and again, the lease decides when it is tried next.
    await this.rounds.stepThrough(walk, (at) => this.batch(at));
    return 0;
  }

  /** Where the next batch begins; null at the end. */
  private batch(from: RewordingRow): Promise<RewordingRow | null> {
    return this.database.tenant(from.org_id, async (tx) => {
      const rows = await this.rewordings.batch(tx, from, from.after_ticket ?? FIRST, BATCH);
      const live = rows.filter((row) => row.live).map(({ id }) => id);
      await this.rewordings.lock(tx, live);
      let changed = 0;
      for (const id of live) if (await this.reword(tx, from, id)) changed += 1;
      if (from.to_name !== null) changed += await this.rewordFinished(tx, from, rows);
      const last = rows.at(-1)?.id ?? null;
      const finished = rows.length < BATCH;
      if (!(await this.rewordings.advance(tx, from, { to: last, changed, finished, leaseMs: LEASE_MS })))
        throw new DeskError('CONFLICT', 'This rewording was taken over by another worker');
      return finished ? null : { ...from, after_ticket: last };
    });
  }

  private async reword(tx: Tx, { actor, kind, from_name: from, to_name: to }: RewordingRow, id: string) {
    const ticket = await this.find.execute(tx, systemOf(actor), id, 'read').catch((error: unknown) => {
      if (error instanceof DeskError && error.code === 'NOT_FOUND') return null; // deleted meanwhile
      throw error;
    });
    if (!ticket) return false;
    if (kind === 'category') {
      if (ticket.category !== from || to === null) return false;
      await this.change.execute(tx, actor, ticket, { category: to }, Date.now());
      return true;
    }
    if (!ticket.tags.includes(from)) return false;
    const tags = ticket.tags.flatMap((tag) => (tag !== from ? [tag] : to === null ? [] : [to]));
    await this.change.execute(tx, actor, ticket, { tags }, Date.now());
    return true;
  }

  private async rewordFinished(
    tx: Tx,
    row: RewordingRow,
    rows: readonly { id: string; live: boolean }[],
  ): Promise<number> {
    const wanted = rows.filter(({ live }) => !live).map(({ id }) => id);
    const ids = await this.rewordings.rewordFinished(tx, row, wanted);
    const atMs = Date.now();
    const lines = ids.flatMap((id): ActivityRow[] => {
      const { actor, kind, from_name: from, to_name: to } = row;
      if (kind === 'category')
        return [activity(actor, id, 'category_changed', atMs, { from: { category: from }, to: { category: to } })];
      return [
        activity(actor, id, 'tag_added', atMs, { to: { tag: to } }),
        activity(actor, id, 'tag_removed', atMs, { from: { tag: from } }),
      ];
    });
    await this.activities.add(tx, row.org_id, lines);
    return ids.length;
  }
}

/** Whoever renamed a tag may be restricted to teams; what follows from it is not. */
const systemOf = (actor: Actor): Actor => ({ ...actor, kind: 'system', role: null, teamIds: null });
