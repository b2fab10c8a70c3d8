import type { SlaEvent } from './sla-event.schema.js';
import type { TicketStatus } from './ticket-status.js';

/** From `from` up to and without `to`; `to` is null while it lasts. */
export type Pause = { from: number; to: number | null };

/** Every change of what a pause depends on, in order: the status and the hand. */
export type PauseSwitch = { at: number; status: TicketStatus; byHand: boolean };

/** The ticket's status and manual pause over an ordered history. */
export function pauseSwitches(history: readonly SlaEvent[]): PauseSwitch[] {
  const switches: PauseSwitch[] = [];
  let status: TicketStatus = 'open';
  let byHand = false;
  for (const event of history) {
    switch (event.type) {
      case 'opened':
        status = event.status ?? 'open';
        break;
      case 'status_changed':
        status = event.to;
        break;
      case 'resolved':
        status = 'resolved';
        break;
      case 'reopened':
        status = event.to ?? 'open';
        break;
      case 'paused':
        byHand = true;
        break;
      case 'resumed':
        byHand = false;
        break;
      default:
        continue;
    }
    switches.push({ at: event.at, status, byHand });
  }
  return switches;
}

/**
 * The union of the pauses: while the status is one of `pauseOn`, or the hand pauses. Overlaps count once; pauses
 * are sorted and apart, and one that lasted no time is left out. Closed hours are the calendar's business.
 */
export function pausesOf(switches: readonly PauseSwitch[], pauseOn: readonly TicketStatus[]): Pause[] {
  const pauses: Pause[] = [];
  let open: Pause | null = null;
  for (const { at, status, byHand } of switches) {
    const paused = byHand || pauseOn.includes(status);
    if (paused && !open) {
      const last = pauses.at(-1);
      if (last?.to === at) {
        open = last;
        open.to = null;
      } else {
        open = { from: at, to: null };
        pauses.push(open);
      }
    } else if (!paused && open) {
      open.to = at;
      if (open.from === at) pauses.pop();
      open = null;
    }
  }
  return pauses;
}
