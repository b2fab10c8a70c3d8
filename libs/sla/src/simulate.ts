import type { SlaClock } from './clock.js';
import type { EscalationAct } from './escalation.schema.js';
import { evaluateSla, type BreachStatus } from './evaluate-sla.js';
import { explainSla } from './explain-sla.js';
import { scenarioSchema } from './scenario.schema.js';

/** A clock with its instants in ISO 8601, UTC; durations stay milliseconds. */
export type SimulatedClock = Omit<
  SlaClock,
  'startedAt' | 'warnAt' | 'warnings' | 'dueAt' | 'stoppedAt' | 'breachedAt' | 'escalations'
> & {
  startedAt: string;
  warnAt: string | null;
  warnings: { threshold: number; at: string; reached: boolean }[];
  escalations: { step: number; at: string; reached: boolean; do: EscalationAct }[];
  dueAt: string;
  stoppedAt: string | null;
  breachedAt: string | null;
};

export type Simulation = { clocks: SimulatedClock[]; breachStatus: BreachStatus; explanation: string[] };

/**
 * `deskwire sla simulate`: what the clocks would say of a scenario (`scenarioSchema`), with no database.
 * Throws a ZodError that names each wrong field.
 */
export function simulateSla(input: unknown): Simulation {
  const scenario = scenarioSchema.parse(input);
  const { clocks, status } = evaluateSla(scenario);
  return { clocks: clocks.map(withIsoInstants), breachStatus: status, explanation: explainSla(scenario) };
}

function withIsoInstants(clock: SlaClock): SimulatedClock {
  return {
    ...clock,
    startedAt: iso(clock.startedAt),
    warnAt: isoOrNull(clock.warnAt),
    warnings: clock.warnings.map((warning) => ({ ...warning, at: iso(warning.at) })),
    escalations: clock.escalations.map(({ counted: _counted, ...step }) => ({ ...step, at: iso(step.at) })),
    dueAt: iso(clock.dueAt),
    stoppedAt: isoOrNull(clock.stoppedAt),
    breachedAt: isoOrNull(clock.breachedAt),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
