import { describe, expect, it } from '@jest/globals';
import { durationOf, figuresOf } from './stats.view.js';

describe('figures', () => {
  it('are told by what they are counted by, each status and priority also where there are none', () => {
    const counted = [
      { key: 'total', tickets: 3 },
      { key: 'status:open', tickets: 2 },
      { key: 'status:closed', tickets: 1 },
      { key: 'status:pending', tickets: 0 },
      { key: 'assignee:', tickets: 2 },
      { key: 'assignee:bea', tickets: 1 },
      { key: 'team:', tickets: 3 },
      { key: 'category:a:b', tickets: 3 },
    ];
    expect(figuresOf(counted)).toEqual({
      total: 3,
      byStatus: { open: 2, in_progress: 0, pending: 0, on_hold: 0, resolved: 0, closed: 1 },
      byPriority: { low: 0, medium: 0, high: 0, urgent: 0 },
      byCategory: { 'a:b': 3 },
      bySource: {},
      byAssignee: { bea: 1 },
      byTeam: {},
      unassigned: 2,
      slaBreached: 0,
    });
  });
});

describe('durations', () => {
  const stepOf = (ms: number) => Math.floor(Math.log(ms) / Math.log(1.05));

  it('are nothing of nothing', () => {
    expect(durationOf([], 'first')).toEqual({ tickets: 0, medianMs: null, p90Ms: null });
  });

  it('are within 2.5 % of the exact ones', () => {
    const exact = Array.from({ length: 1_000 }, (_, at) => 60_000 + at * at * 37);
    const counted = new Map<string, number>();
    for (const ms of exact) counted.set(`done:${stepOf(ms)}`, (counted.get(`done:${stepOf(ms)}`) ?? 0) + 1);
    const { tickets, medianMs, p90Ms } = durationOf(
      [...counted].map(([key, amount]) => ({ key, tickets: amount })),
      'done',
    );
    expect(tickets).toBe(1_000);
    expect(Math.abs(medianMs! / exact[499]! - 1)).toBeLessThan(0.0255);
    expect(Math.abs(p90Ms! / exact[899]! - 1)).toBeLessThan(0.0255);
  });
});
