import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { BacktestPage } from '#shared/contracts/sla-reports.js';
import { badRequestFrom, DeskError } from '#shared/errors/desk-error.js';
import type { SlaPolicy } from '#sla/policy.schema.js';
import type { ResolvedCalendar } from '#sla/shared-calendar.schema.js';
import { ActivityLog } from '../activities/activity-log.js';
import { Database } from '../database/database.js';
import { instantOf } from '../organisations/moment.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { ticketFactsOf } from '../tickets/ticket-facts.js';
import type { backtestInput } from './backtest-input.js';
import { backtestOf } from './backtest-page.js';
import { calendarInForce } from './calendar-in-force.js';
import { CalendarRepository } from './calendar.repository.js';
import { onlyTeamsOf } from './only-teams.js';
import { PastTicketRepository, type PastTicketRow } from './past-ticket.repository.js';
import { demand } from './sla.policy.js';

/** Histories are read so many at a time, and others get their turn in between. */
const BATCH = 100;

/**
 * Tries a proposed policy on the organisation's own past, a page of tickets at a time: whoever asks adds the pages up and
 * goes on from `nextCursor`. Nothing is changed, and no request holds the service up.
 */
@Injectable()
export class BacktestPolicy {
  constructor(
    private readonly database: Database,
    private readonly tickets: PastTicketRepository,
    private readonly calendars: CalendarRepository,
    private readonly log: ActivityLog,
    private readonly settings: SettingsBook,
  ) {}

  async execute(actor: Actor, input: z.output<typeof backtestInput>): Promise<BacktestPage> {
    demand(actor, 'preview_policies');
    const nowMs = Date.now();
    const { policy, limit, cursor } = input;
    const { rows, calendar, total } = await this.database.tenant(actor.orgId, async (tx) => {
      const { timezone } = await this.settings.of(tx, actor.orgId);
      const since = instantOf(input.since, timezone);
      const until = input.until === undefined ? new Date(nowMs) : instantOf(input.until, timezone);
      if (input.until !== undefined && since >= until)
        throw DeskError.at('BAD_REQUEST', '/until', 'must be later than since');
      const asked = { since, until, after: cursor ?? null, onlyTeams: onlyTeamsOf(actor) };
      return {
        rows: await this.tickets.page(tx, asked, limit + 1),
        calendar: await this.calendarOf(actor, policy, nowMs),
        total: asked.after ? null : await this.tickets.count(tx, asked),
      };
    });
    const ours = rows.slice(0, limit);
    const page: BacktestPage = { tickets: 0, applies: 0, rows: [], differing: [], total, nextCursor: null };
    for (let at = 0; at < ours.length; at += BATCH) {
      add(page, await this.batch(actor.orgId, ours.slice(at, at + BATCH), policy, calendar, nowMs));
      await otherWork();
    }
    const last = ours.at(-1);
    if (rows.length > limit && last) page.nextCursor = `${last.created_at.toISOString()}_${last.id}`;
    return page;
  }

  private async batch(
    orgId: string,
    rows: readonly PastTicketRow[],
    policy: SlaPolicy,
    calendar: ResolvedCalendar | null,
    nowMs: number,
  ) {
    const ids = rows.map(({ id }) => id);
    const histories = await this.database.tenant(orgId, (tx) => this.log.historiesOf(tx, ids));
    const past = rows.map((row) => ({
      id: row.id,
      number: row.number,
      subject: row.subject,
      facts: ticketFactsOf(row),
      initial_rules: row.initial_rules,
      history: histories.get(row.id) ?? [],
    }));
    return backtestOf(past, policy, calendar, nowMs);
  }

  private async calendarOf({ orgId }: Actor, policy: SlaPolicy, nowMs: number): Promise<ResolvedCalendar | null> {
    const id = policy.calendarId;
    if (!id) return policy.calendar;
    const row = await this.database.tenant(orgId, (tx) => this.calendars.find(tx, id));
    if (row) return calendarInForce(row.calendar, nowMs);
    throw badRequestFrom([{ path: ['policy', 'calendarId'], message: 'is not a calendar of this organisation' }]);
  }
}

function add(page: BacktestPage, more: ReturnType<typeof backtestOf>): void {
  page.tickets += more.tickets;
  page.applies += more.applies;
  page.differing.push(...more.differing);
  for (const row of more.rows) {
    const known = page.rows.find(({ priority, target }) => priority === row.priority && target === row.target);
    if (!known) page.rows.push(row);
    else {
      known.tickets += row.tickets;
      known.breached += row.breached;
      known.wouldBeBreached += row.wouldBeBreached;
    }
  }
}
