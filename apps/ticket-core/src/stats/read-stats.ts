import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketStats, ticketStatsInput } from '#shared/contracts/stats.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { CategoryBook } from '../categories/category-book.js';
import { atLeisure } from '../database/at-leisure.js';
import { Database, type Tx } from '../database/database.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { CatchUp } from '../search/catch-up.js';
import { CountFiltered } from '../tickets/count-filtered.js';
import { askedOf, ticketFilterOf } from '../tickets/ticket-filter.js';
import { demand } from '../tickets/ticket.policy.js';
import { durationOf, exactDuration, figuresOf } from './stats.view.js';
import { TicketCountsRepository } from './ticket-counts.repository.js';

type Input = z.output<typeof ticketStatsInput>;
type Period = NonNullable<Input['period']>;

/** As far back as a series goes when nobody says from when on. */
const USUAL: Readonly<Record<Period, { days?: number; weeks?: number; months?: number }>> = {
  day: { days: 29 },
  week: { weeks: 25 },
  month: { months: 23 },
};
const MAX_PERIODS = 1_100;

/**
 * What an organisation's tickets add up to. Without filters it is read from counts that are kept as tickets change, so that
 * it takes as long for a million tickets as for few; with filters, and for who does not see all, it is counted now.
 */
@Injectable()
export class ReadStats {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsBook,
    private readonly counts: TicketCountsRepository,
    private readonly countFiltered: CountFiltered,
    private readonly catchUp: CatchUp,
    private readonly categories: CategoryBook,
  ) {}

  async execute(actor: Actor, input: Input): Promise<TicketStats> {
    demand(actor, 'list', null);
    await this.catchUp.execute(actor.orgId);
    return this.database.tenant(actor.orgId, async (tx) => {
      const asked = await this.categories.spelledIn(tx, actor.orgId, input);
      const { from, to, period, ...filters } = asked;
      const { timezone } = await this.settings.of(tx, actor.orgId);
      const span = spanOf(from, to, period, timezone);
      const asksForDays = from !== undefined || to !== undefined;
      const filter = ticketFilterOf(actor, filters, timezone);
      if (askedOf(filter).length > 0) return this.filtered(tx, actor, asked, timezone, span);
      const counted = asksForDays ? await this.counts.ofDays(tx, span.from, span.to) : await this.counts.ofAllDays(tx);
      const series = period && (await this.counts.byPeriod(tx, span.from, span.to, period));
      return {
        ...figuresOf(counted),
        slaWarnings: asksForDays ? null : await this.counts.warned(tx),
        firstResponse: durationOf(counted, 'first'),
        resolution: durationOf(counted, 'done'),
        ...(series && { series: seriesOf(series, span, period) }),
        timezone,
        exact: false,
      };
    });
  }

  private async filtered(tx: Tx, actor: Actor, input: Input, timezone: string, span: Span): Promise<TicketStats> {
    await atLeisure(tx);
    const { from, to, period, ...filters } = input;
    const filter = ticketFilterOf(actor, filters, timezone);
    const asked =
      from === undefined && to === undefined ? filter : ticketFilterOf(actor, narrowed(filters, span), timezone);
    const { figures, first, done, days } = await this.countFiltered.execute(tx, asked, timezone, Boolean(period));
    // What was resolved or missed in the span may have been opened before it.
    const all = !period
      ? []
      : asked === filter
        ? days
        : (await this.countFiltered.execute(tx, filter, timezone, true)).days;
    const slaWarnings = asked === filter && filter.sla === null ? await this.countFiltered.warned(tx, filter) : null;
    const within = all.filter(({ day }) => day >= span.from && day <= span.to);
    const starts = within.map((one) => ({ ...one, start: startOf(one.day, period!) }));
    return {
      ...figuresOf(figures),
      slaWarnings,
      firstResponse: exactDuration(first),
      resolution: exactDuration(done),
      ...(period && { series: seriesOf(starts, span, period) }),
      timezone,
      exact: true,
    };
  }
}

interface Span {
  from: string;
  to: string;
}

const FIRST_DAY = '0001-01-01';
const dayOf = (at: DateTime): string => (at.year < 1 ? FIRST_DAY : at.toISODate()!);

/** Whole days; a series without ends is of the usual length, up to today. */
function spanOf(from: string | undefined, to: string | undefined, period: Period | undefined, zone: string): Span {
  const today = DateTime.now().setZone(zone).startOf('day');
  const last = to === undefined ? today : DateTime.fromISO(to, { zone });
  const first =
    from !== undefined
      ? DateTime.fromISO(from, { zone })
      : to === undefined || period
        ? last.minus(USUAL[period ?? 'day'])
        : null;
  const span = { from: first ? dayOf(first) : FIRST_DAY, to: dayOf(last) };
  if (span.from > span.to) refuse('to', 'must not be before from');
  if (period && first && last.diff(first, `${period}s`).as(`${period}s`) > MAX_PERIODS)
    refuse('period', `must make at most ${MAX_PERIODS} parts of the time asked for`);
  return period && first && from === undefined ? { ...span, from: dayOf(first.startOf(period)) } : span;
}

/** The filters with the span put upon the day of opening. */
function narrowed<F extends { createdFrom?: string | undefined; createdTo?: string | undefined }>(
  filters: F,
  { from, to }: Span,
): F {
  if (filters.createdFrom !== undefined || filters.createdTo !== undefined)
    refuse('from', 'is the same as createdFrom and createdTo: give one of them');
  return { ...filters, createdFrom: from, createdTo: to };
}

const startOf = (day: string, period: Period): string =>
  DateTime.fromISO(day, { zone: 'utc' }).startOf(period).toISODate()!;

/** One entry for each period, whether anything happened in it or not. */
function seriesOf(counted: readonly { start: string; key: string; tickets: number }[], span: Span, period: Period) {
  const known = new Map(counted.map(({ start, key }) => [`${start} ${key}`, 0]));
  for (const { start, key, tickets } of counted) known.set(`${start} ${key}`, known.get(`${start} ${key}`)! + tickets);
  const series: NonNullable<TicketStats['series']> = [];
  const of = (start: string, key: string) => known.get(`${start} ${key}`) ?? 0;
  const end = DateTime.fromISO(span.to, { zone: 'utc' });
  for (
    let at = DateTime.fromISO(startOf(span.from, period), { zone: 'utc' });
    at <= end;
    at = at.plus({ [period]: 1 })
  ) {
    const start = at.toISODate()!;
    series.push({
      start,
      opened: of(start, 'total'),
      resolved: of(start, 'resolved'),
      breached: of(start, 'breaches'),
    });
  }
  return series;
}

function refuse(field: string, message: string): never {
  throw DeskError.at('BAD_REQUEST', `/${field}`, message);
}
