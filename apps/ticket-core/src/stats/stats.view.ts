import type { TicketStats } from '#shared/contracts/stats.js';
import { PRIORITIES, STATUSES } from '#shared/contracts/values.js';

type Counted = readonly { key: string; tickets: number }[];
type Duration = TicketStats['firstResponse'];

/** Durations are counted in steps of 5 %: step n holds those from 1.05^n ms on. */
const STEP = 1.05;

/** `status:open` and so on, as objects by what follows the colon. */
export function figuresOf(counted: Counted) {
  const by = (kind: string): Record<string, number> =>
    Object.fromEntries(
      counted
        .filter(({ key, tickets }) => key.startsWith(`${kind}:`) && tickets > 0)
        .map(({ key, tickets }) => [key.slice(kind.length + 1), tickets] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  const one = (name: string) => counted.find(({ key }) => key === name)?.tickets ?? 0;
  const { '': unassigned = 0, ...byAssignee } = by('assignee');
  const { '': _none, ...byTeam } = by('team');
  return {
    total: one('total'),
    byStatus: withNone(STATUSES, by('status')),
    byPriority: withNone(PRIORITIES, by('priority')),
    byCategory: by('category'),
    bySource: by('source'),
    byAssignee,
    byTeam,
    unassigned,
    slaBreached: one('missed'),
  };
}

/** Each is told, in the order of its table: a dashboard draws a nought where there are none. */
const withNone = (all: readonly string[], counted: Record<string, number>): Record<string, number> =>
  Object.fromEntries(all.map((one) => [one, counted[one] ?? 0]));

/** Median and 90th percentile from counts by step, each within half a step (2.5 %) of the exact one. */
export function durationOf(counted: Counted, kind: 'first' | 'done'): Duration {
  const steps = counted
    .filter(({ key, tickets }) => key.startsWith(`${kind}:`) && tickets > 0)
    .map(({ key, tickets }) => ({ step: Number(key.slice(kind.length + 1)), tickets }))
    .toSorted((a, b) => a.step - b.step);
  const all = steps.reduce((sum, { tickets }) => sum + tickets, 0);
  const at = (share: number): number | null => {
    let seen = 0;
    for (const { step, tickets } of steps) {
      seen += tickets;
      if (seen >= share * all) return Math.round(STEP ** (step + 0.5));
    }
    return null;
  };
  return { tickets: all, medianMs: all === 0 ? null : at(0.5), p90Ms: all === 0 ? null : at(0.9) };
}

export const exactDuration = (d: { tickets: number; median_ms: number | null; p90_ms: number | null }): Duration => ({
  tickets: d.tickets,
  medianMs: d.median_ms === null ? null : Math.round(d.median_ms),
  p90Ms: d.p90_ms === null ? null : Math.round(d.p90_ms),
});
