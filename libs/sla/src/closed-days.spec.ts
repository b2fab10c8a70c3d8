import { describe, expect, it } from '@jest/globals';
import { calendarSchema } from './calendar.schema.js';
import { closedDaysBetween } from './closed-days.js';
import { explainSla } from './explain-sla.js';
import { simulateSla } from './simulate.js';
import { buildPolicy } from './testing/build-history.js';

const day = [['09:00', '17:00']];
const calendar = calendarSchema.parse({
  timezone: 'Europe/Berlin',
  hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
  // 24 December is a half-day although it is a holiday; 26 December is a Saturday, on which nobody works anyway.
  holidays: ['2026-12-24', '2026-12-25', '2026-12-26', '2027-01-01'],
  exceptions: { '2026-12-24': [['09:00', '12:00']], '2026-12-28': [] },
  holidayNames: { '2026-12-24': 'Heiligabend', '2026-12-25': '1. Weihnachtstag', '2027-01-01': 'Neujahr' },
});
const at = (text: string) => Date.parse(text);

describe('closed days', () => {
  it('are those that a reader would miss, with their names', () => {
    const days = closedDaysBetween(calendar, at('2026-12-23T10:00Z'), at('2026-12-30T10:00Z'));
    expect(days).toEqual([
      { date: '2026-12-25', startsAt: at('2026-12-25T00:00+01:00'), name: '1. Weihnachtstag' },
      { date: '2026-12-28', startsAt: at('2026-12-28T00:00+01:00'), name: null },
    ]);
    expect(closedDaysBetween(null, 0, at('2026-12-30T10:00Z'))).toEqual([]);
    expect(closedDaysBetween(calendar, at('2026-12-25T10:00Z'), at('2026-12-25T09:00Z'))).toEqual([]);
  });

  it('are named by the explanation: beforehand where something is due, and as they pass', () => {
    const opened = { id: 'a', seq: 0, at: at('2026-12-24T11:00+01:00'), type: 'opened', by: 'contact' } as const;
    const policy = buildPolicy({ firstResponseMinutes: 120, nextResponseMinutes: null, resolutionMinutes: null });
    const lines = explainSla({ policy, calendar, events: [opened], now: at('2026-12-29T09:30+01:00') });
    expect(lines).toEqual([
      '2026-12-24T11:00+01:00 opened: first response due 2026-12-29 10:00 (closed on 2026-12-25 1. Weihnachtstag, 2026-12-28)',
      '2026-12-25T00:00+01:00 closed all day: 2026-12-25 1. Weihnachtstag',
      '2026-12-28T00:00+01:00 closed all day: 2026-12-28',
      '2026-12-29T09:30+01:00 now: first response running, 1 h 30 min of 2 h used, due 10:00',
    ]);
  });
});

describe('a scenario', () => {
  const scenario = (more: object) => ({
    policy: { resolutionMinutes: 60, ...more },
    events: [{ at: '2026-11-02T09:00:00Z', type: 'opened' }],
    now: '2026-11-02T10:00:00Z',
  });

  it('prints the steps of an escalation with their instants', () => {
    const { clocks } = simulateSla(scenario({ escalation: [{ at: { percent: 50 }, do: { raisePriority: 'high' } }] }));
    expect(clocks[0]?.escalations).toEqual([
      { step: 1, at: '2026-11-02T09:30:00.000Z', reached: true, do: { raisePriority: 'high' } },
    ]);
  });

  it('says its opening hours itself: there is nowhere to look a shared calendar up', () => {
    const calendarId = '0190c1a2-0000-7000-8000-0000000000aa';
    expect(() => simulateSla(scenario({ calendarId }))).toThrow('calendarId');
    expect(simulateSla({ ...scenario({ calendarId }), calendar }).clocks).toHaveLength(1);
  });
});
