import { describe, expect, it } from '@jest/globals';
import { DeskError } from '#shared/errors/desk-error.js';
import { dayOf, instantOf, spanBetween } from './moment.js';

describe('a day of an organisation', () => {
  it.each([
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21', 'Europe/Berlin', '2026-11-20T23:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-11-21', 'America/Los_Angeles', '2026-11-21T08:00:00.000Z'],
    // Midnight was left out there on this day: it began at one.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['0001-01-01', 'Pacific/Auckland', '0001-01-01T00:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, instant) => {
    expect(instantOf(day, zone).toISOString()).toBe(instant);
  });

  it('is told of an instant, which stays what it is', () => {
    expect(instantOf('2026-11-21T12:00:00+02:00', 'Asia/Tokyo').toISOString()).toBe('2026-11-21T10:00:00.000Z');
    const late = new Date('2026-11-20T23:30:00Z');
    expect([dayOf(late, 'UTC'), dayOf(late, 'Europe/Berlin')]).toEqual(['2026-11-20', '2026-11-21']);
    expect(dayOf(new Date('2026-11-21T00:30:00Z'), 'America/New_York')).toBe('2026-11-20');
  });

  it('ends a span that goes forward, and is as long in days as it may be', () => {
    const span = (from: string, to: string, maxDays = 30) => spanBetween({ from, to }, 'Europe/Berlin', maxDays);
    // Thirty days and an hour: clocks went back.
    expect(span('2026-10-10', '2026-11-09')).toEqual({
      from: new Date('2026-10-09T22:00:00Z'),
      to: new Date('2026-11-08T23:00:00Z'),
    });
    for (const [from, to] of [
      ['2026-10-10', '2026-11-10'],
      ['2026-10-10', '2026-10-10'],
      // It has begun in Berlin by then.
      ['2026-10-10T00:00:00Z', '2026-10-10'],
    ] as const)
      expect(() => span(from, to)).toThrow(DeskError);
  });
});
