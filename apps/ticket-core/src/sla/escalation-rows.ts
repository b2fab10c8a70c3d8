import type { SlaEvaluation } from '#sla/evaluate-sla.js';
import type { EscalationRow } from './escalation.repository.js';
import type { StoredRules } from './stored-rules.js';

/** A step is taken by a clock that ran after its instant: looked at a millisecond later. */
const JUST_AFTER_MS = 1;

/** The steps to be kept: those that are to be taken or will be if nothing happens, and by when. Null: no policy had any, ever. */
export function escalationRowsOf(
  ticketId: string,
  { clocks }: SlaEvaluation,
  rulesEver: readonly (StoredRules | null)[],
): EscalationRow[] | null {
  if (!rulesEver.some((rules) => (rules?.escalation?.length ?? 0) > 0)) return null;
  return clocks.flatMap((clock) =>
    clock.escalations.map(({ step, at, reached, counted, do: act }) => {
      const comes = reached || (clock.stoppedAt === null && (counted || !clock.isHeld));
      const { target, cycle } = clock;
      const next_at = comes ? new Date(at + JUST_AFTER_MS).toISOString() : null;
      return { ticket_id: ticketId, target, cycle, step, at: new Date(at).toISOString(), act, next_at };
    }),
  );
}
