import type { SlaClock } from '../clock.js';
import { evaluateSla, type SlaEvaluation } from '../evaluate-sla.js';
import { policySchema, type SlaPolicy } from '../policy.schema.js';
import type { SlaEvent } from '../sla-event.schema.js';

export const MINUTE = 60_000;

type Happening = SlaEvent extends infer Event
  ? Event extends SlaEvent
    ? Omit<Event, 'id' | 'seq' | 'at'>
    : never
  : never;

/** `'09:30'` on Monday 2 November 2026, UTC; `'+1 09:30'` on the day after. Also `'09:30:00.001'`. */
export function at(time: string): number {
  const [clock, days = '0'] = time.split(' ').toReversed();
  return Date.parse(`2026-11-02T${clock}${clock!.length === 5 ? ':00' : ''}Z`) + Number(days) * 86_400_000;
}

/** A history from lines; events of one instant apply in the order given. */
export function buildHistory(...lines: [time: string, happening: Happening][]): SlaEvent[] {
  return lines.map(([time, happening], index) => ({ ...happening, id: `e${index}`, seq: index, at: at(time) }));
}

/** First response 30 min, next response 60 min, resolution 4 h; everything else by default. */
export function buildPolicy(overrides: Partial<SlaPolicy> = {}): SlaPolicy {
  return policySchema.parse({
    name: 'Urgent',
    firstResponseMinutes: 30,
    nextResponseMinutes: 60,
    resolutionMinutes: 240,
    ...overrides,
  });
}

export const opened = { type: 'opened', by: 'contact' } as const;
export const agentReplied = { type: 'agent_replied' } as const;
export const customerReplied = { type: 'customer_replied' } as const;
export const noteAdded = { type: 'note_added' } as const;
export const resolved = { type: 'resolved', by: 'agent' } as const;
export const reopenedByCustomer = { type: 'reopened', by: 'contact' } as const;
export const reopenedByAgent = { type: 'reopened', by: 'agent' } as const;
export const paused = { type: 'paused' } as const;
export const resumed = { type: 'resumed' } as const;

export function movedTo(
  to: 'open' | 'in_progress' | 'pending' | 'on_hold' | 'resolved' | 'closed',
  by: 'agent' | 'contact' | 'system' = 'agent',
) {
  return { type: 'status_changed', to, by } as const;
}

/** The clocks of a history under `buildPolicy(overrides)`, round the clock. */
export function evaluate(events: SlaEvent[], now: string, overrides: Partial<SlaPolicy> = {}): SlaEvaluation {
  return evaluateSla({ policy: buildPolicy(overrides), calendar: null, events, now: at(now) });
}

export function clocksOf(evaluation: SlaEvaluation, target: SlaClock['target']): SlaClock[] {
  return evaluation.clocks.filter((clock) => clock.target === target);
}

export function firstResponse(evaluation: SlaEvaluation): SlaClock {
  return clocksOf(evaluation, 'first_response')[0]!;
}

/** The latest cycle. */
export function resolution(evaluation: SlaEvaluation): SlaClock {
  return clocksOf(evaluation, 'resolution').at(-1)!;
}
