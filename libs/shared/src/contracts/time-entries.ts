import { z } from 'zod';
import { contract } from './contract.js';
import { agentRef } from './tickets.js';
import { givenInstant, givenMoment, instant, ticketRef } from './values.js';

/** A day: what is longer was forgotten to be stopped, or is several entries. */
export const MAX_MINUTES = 1_440;

const wholeMinutes = z
  .int({
    error: ({ input }) =>
      input === undefined ? 'is missing: must be whole minutes, 1 to 1440' : 'must be whole minutes, 1 to 1440',
  })
  .min(1, 'must be at least 1 minute')
  .max(MAX_MINUTES, 'must be at most 1440 minutes, which is a day: log longer work as several entries');
const description = z.string().trim().max(2_000);

export const timeEntryView = z
  .object({
    id: z.uuid(),
    ticketId: z.uuid(),
    ticketNumber: z.int().positive(),
    ticketSubject: z.string(),
    agentId: z.uuid(),
    agent: agentRef,
    minutes: z.int().positive(),
    description: z.string(),
    billable: z.boolean(),
    workedAt: instant,
    contractId: z.uuid().nullable(),
    /** When it was put on an invoice; it does not change any more then. */
    invoicedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'TimeEntry' });
export type TimeEntryView = z.output<typeof timeEntryView>;

export const timeTotals = z
  .object({
    entries: z.int().nonnegative(),
    minutes: z.int().nonnegative(),
    billableMinutes: z.int().nonnegative(),
    /** Who worked most comes first. */
    byAgent: z.array(
      z.object({
        agent: agentRef,
        entries: z.int().nonnegative(),
        minutes: z.int().nonnegative(),
        billableMinutes: z.int().nonnegative(),
      }),
    ),
  })
  .meta({ id: 'TimeTotals' });
export type TimeTotals = z.output<typeof timeTotals>;

export const timeEntryPage = z.object({
  items: z.array(timeEntryView),
  nextCursor: z.string().nullable(),
  /** Of everything that matches, whatever the page; null on the pages after the first. */
  totals: timeTotals.nullable(),
});

export const logTimeInput = z
  .strictObject({
    minutes: wholeMinutes,
    description: description.default(''),
    billable: z.boolean().default(true),
    workedAt: givenInstant.optional(),
    agentId: z.uuid().optional().describe('Managers may log for somebody else'),
    contractId: z.uuid().nullable().default(null),
  })
  .meta({
    example: {
      minutes: 30,
      description: 'Investigated crash logs and replaced corrupted config',
      billable: true,
    },
  });

/** What is absent stays. */
export const changeTimeInput = z
  .strictObject({
    minutes: wholeMinutes.optional(),
    description: description.optional(),
    billable: z.boolean().optional(),
    workedAt: givenInstant.optional(),
    contractId: z.uuid().nullable().optional(),
  })
  .meta({ example: { minutes: 45, billable: false } });

/** `true` or `false`, as a query string says it too. */
const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean({ error: 'must be true or false' }),
);
const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
};
export const ticketTimeInput = z.strictObject(paging);
export const listTimeInput = z
  .strictObject({
    ticket: ticketRef.optional(),
    agentId: z.uuid().optional(),
    /** Worked at or after this; a day begins in the organisation's zone. */
    from: givenMoment.optional(),
    /** Worked before this: `from=2026-01-01&to=2026-02-01` is January. */
    to: givenMoment.optional(),
    billable: flag.optional(),
    invoiced: flag.optional(),
    ...paging,
  })
  .meta({ example: { from: '2026-01-01', to: '2026-02-01', billable: true } });

export const logTime = contract('time.log', {
  request: logTimeInput.safeExtend({ ticket: ticketRef }),
  reply: timeEntryView,
});
export const listTime = contract('time.list', { request: listTimeInput, reply: timeEntryPage });
export const changeTime = contract('time.change', {
  request: changeTimeInput.safeExtend({ id: z.uuid() }),
  reply: timeEntryView,
});
export const deleteTime = contract('time.delete', {
  request: z.strictObject({ id: z.uuid() }),
  reply: z.object({ success: z.literal(true) }),
});

export const timerView = z
  .object({
    ticketId: z.uuid(),
    ticketNumber: z.int().positive(),
    ticketSubject: z.string(),
    description: z.string(),
    billable: z.boolean(),
    startedAt: instant,
    /** What stopping it now would log. */
    minutes: z.int().positive(),
  })
  .meta({ id: 'Timer' });
export type TimerView = z.output<typeof timerView>;

export const startTimerInput = z
  .strictObject({
    description: description.default(''),
    billable: z.boolean().default(true),
    /** Stops the one that runs, and logs it, instead of answering CONFLICT. */
    switch: z.boolean().default(false),
  })
  .meta({ example: { description: 'Looking into the crash', switch: true } });
export const stopTimerInput = z
  .strictObject({
    /** Instead of what the clock says. */
    minutes: wholeMinutes.optional(),
    description: description.optional(),
  })
  .meta({ example: { description: 'Replaced the corrupted config' } });

export const timerState = z.object({
  timer: timerView.nullable(),
  /** The entry that the timer before it became. */
  logged: timeEntryView.nullable(),
});
export const startTimer = contract('timer.start', {
  request: startTimerInput.safeExtend({ ticket: ticketRef }),
  reply: timerState,
});
export const stopTimer = contract('timer.stop', { request: stopTimerInput, reply: timeEntryView });
export const getTimer = contract('timer.get', { request: z.strictObject({}), reply: timerState });
export const discardTimer = contract('timer.discard', {
  request: z.strictObject({}),
  reply: z.object({ success: z.literal(true) }),
});
