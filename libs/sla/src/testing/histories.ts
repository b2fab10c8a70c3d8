import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { calendarSchema, type Calendar } from '../calendar.schema.js';
import type { SlaQuestion } from '../evaluate-sla.js';
import type { SlaRules } from '../policy.schema.js';
import type { SlaEvent } from '../sla-event.schema.js';
import { TICKET_STATUSES } from '../ticket-status.js';

/** Generated histories for the property tests: around the changes of clocks, with ties, pauses and sparse calendars. */
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns', // -03:30, with DST
  'America/Santiago', // changes at midnight: some days have no 00:00
  'Africa/Cairo',
  'Africa/Casablanca', // goes back for Ramadan
  'Asia/Kolkata', // +05:30, no DST
  'Asia/Kathmandu', // +05:45
  'Australia/Lord_Howe', // DST of half an hour
  'Pacific/Chatham', // +12:45 and +13:45
  'Pacific/Apia',
];

/** Days of 2026 on which some of the zones change their clocks, and New Year. */
const TRICKY_DAYS = [
  '2026-01-01',
  '2026-02-15',
  '2026-03-08',
  '2026-03-22',
  '2026-03-29',
  '2026-04-05',
  '2026-04-24',
  '2026-09-06',
  '2026-09-27',
  '2026-10-04',
  '2026-10-25',
  '2026-10-30',
  '2026-11-01',
  '2026-12-31',
].map((day) => Date.parse(`${day}T00:00:00Z`));

const startArb = fc.oneof(
  fc
    .tuple(fc.constantFrom(...TRICKY_DAYS), fc.integer({ min: -2 * 1_440, max: 1_440 }))
    .map(([day, minutes]) => day + minutes * MINUTE),
  fc.integer({ min: 0, max: 500_000 }).map((minutes) => Date.UTC(2026, 0, 1) + minutes * MINUTE),
);

const wallTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** 0 to 3 intervals: cut points of a day in pairs; often in the small hours, where clocks change. */
const intervalsArb = fc
  .uniqueArray(
    fc.oneof(
      fc.integer({ min: 0, max: 1_440 }),
      fc.constantFrom(0, 60, 90, 120, 150, 180, 210, 540, 750, 810, 1_080, 1_440),
    ),
    { maxLength: 6 },
  )
  .map((cuts) => {
    const sorted = cuts.toSorted((a, b) => a - b);
    const intervals: [string, string][] = [];
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      intervals.push([wallTime(sorted[index]!), wallTime(sorted[index + 1]!)]);
    }
    return intervals;
  });

/** Any zone, but often one that changes its clocks within the days of the history. */
const zoneArb = (start: number): fc.Arbitrary<string> => {
  const changing = ZONES.filter((name) => {
    const zone = IANAZone.create(name);
    return zone.offset(start) !== zone.offset(start + 2 * DAY);
  });
  const any = fc.constantFrom(...ZONES);
  if (changing.length === 0) return any;
  return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...changing) }, { weight: 1, arbitrary: any });
};

const calendarArb = (start: number): fc.Arbitrary<Calendar> => {
  const dateArb = fc.integer({ min: -1, max: 12 }).map((day) => new Date(start + day * DAY).toISOString().slice(0, 10));
  return fc
    .record({
      timezone: zoneArb(start),
      // At least one weekday has an honest working day, or the dumb implementation walks for years.
      hours: fc.record({
        mon: intervalsArb,
        tue: fc.constant([['09:00', '12:30'] as [string, string], ['13:30', '18:00'] as [string, string]]),
        wed: intervalsArb,
        thu: intervalsArb,
        fri: fc.constant([['00:00', '24:00'] as [string, string]]),
        sat: intervalsArb,
        sun: intervalsArb,
      }),
      holidays: fc.array(dateArb, { maxLength: 3 }),
      exceptions: fc.dictionary(dateArb, intervalsArb, { maxKeys: 2 }),
    })
    .map((calendar) => calendarSchema.parse(calendar));
};

const minutesArb = fc.option(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1_200 })), {
  freq: 6,
});

const escalationArb: fc.Arbitrary<NonNullable<SlaRules['escalation']>> = fc.array(
  fc.record({
    at: fc.record({
      percent: fc.constantFrom(1, 33, 50, 80, 100, 150),
      plusMinutes: fc.constantFrom(0, 0, 1, 60),
    }),
    target: fc.constantFrom(undefined, undefined, 'first_response', 'next_response', 'resolution'),
    do: fc.constantFrom({ raisePriority: 'by_one' as const }, { alert: { channel: 'late' } }),
  }),
  { maxLength: 3 },
);

const rulesArb: fc.Arbitrary<SlaRules> = fc.record({
  escalation: fc.option(escalationArb, { nil: undefined, freq: 2 }),
  firstResponseMinutes: minutesArb,
  nextResponseMinutes: minutesArb,
  resolutionMinutes: minutesArb,
  warnAt: fc.constantFrom([0.8], [], [0.5, 0.8, 0.95], [0.333, 0.999]),
  pauseOn: fc.constantFrom<SlaRules['pauseOn'][]>(['on_hold', 'pending'], [], ['pending'], ['in_progress', 'on_hold']),
  firstResponseBy: fc.constantFrom('public_reply', 'public_reply_or_status_change'),
  nextResponseFrom: fc.constantFrom('agent_response', 'customer_message'),
  onReopen: fc.constantFrom('resume', 'restart'),
});

/** Between two events; 0 makes ties, the rest minutes to two days. */
const gapArb = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 90 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 1_500 }) },
);

type Happening = SlaEvent extends infer Event
  ? Event extends SlaEvent
    ? Omit<Event, 'id' | 'seq' | 'at'>
    : never
  : never;

const sideArb = fc.constantFrom('agent' as const, 'contact' as const, 'system' as const);
const statusArb = fc.constantFrom(...TICKET_STATUSES);

const happeningArb = (start: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constant('agent_replied'), by: fc.constantFrom('agent', 'agent', 'system') }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('customer_replied'),
        by: fc.constantFrom('contact', 'contact', 'system'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('note_added') }) },
    { weight: 6, arbitrary: fc.record({ type: fc.constant('status_changed'), to: statusArb, by: sideArb }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('paused', 'resumed') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('withdrawn') }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('resolved'), by: sideArb }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('reopened'),
        by: sideArb,
        to: fc.constantFrom(undefined, 'open', 'pending', 'in_progress'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('policy_changed'),
        policy: fc.option(rulesArb, { freq: 8 }),
        calendar: fc.option(calendarArb(start)),
      }),
    },
  ) as fc.Arbitrary<Happening>;

/** A ticket's question to the engine. `unitMs` is the grain of its instants: whole minutes, or single milliseconds. */
export function questionArb(unitMs: 60_000 | 1): fc.Arbitrary<SlaQuestion> {
  const grain = unitMs === 1 ? fc.integer({ min: 0, max: 59_999 }) : fc.constant(0);
  return startArb.chain((start) =>
    fc
      .record({
        policy: fc.option(rulesArb, { freq: 20 }),
        calendar: fc.option(calendarArb(start), { freq: 4 }),
        born: fc.oneof({ weight: 3, arbitrary: fc.constant('open' as const) }, { weight: 1, arbitrary: statusArb }),
        story: fc.array(fc.tuple(gapArb, grain, happeningArb(start)), { maxLength: 12 }),
        startGrain: grain,
        // Sometimes before the last events: they have not happened yet.
        until: fc.tuple(fc.integer({ min: -300, max: 3_000 }), grain),
      })
      .map(({ policy, calendar, born, story, startGrain, until }) => {
        let at = start + startGrain;
        const events: SlaEvent[] = [{ id: 'e0', seq: 0, at, type: 'opened', by: 'contact', status: born }];
        for (const [index, [gap, ms, happening]] of story.entries()) {
          if (gap > 0) at += gap * MINUTE + ms;
          events.push({ ...happening, id: `e${index + 1}`, seq: index + 1, at });
        }
        return { policy, calendar, events, now: at + until[0] * MINUTE + until[1] };
      }),
  );
}

/** What may happen at the very instant of a deadline; null is nothing. */
export const pointedEventArb = fc.constantFrom<(Happening | null)[]>(
  null,
  { type: 'agent_replied' },
  { type: 'customer_replied' },
  { type: 'paused' },
  { type: 'resumed' },
  { type: 'resolved', by: 'agent' },
  { type: 'reopened', by: 'contact' },
  { type: 'status_changed', to: 'pending', by: 'agent' },
  { type: 'status_changed', to: 'open', by: 'contact' },
);
