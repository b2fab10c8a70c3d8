import { IANAZone } from 'luxon';
import type { SlaQuestion } from '../evaluate-sla.js';

/** Names of what a history has in it, for the tally of the long run: a case that never comes up proves nothing. */
export function traitsOf({ policy, calendar, events, now }: SlaQuestion): string[] {
  const traits: string[] = [];
  const types = events.map(({ type }) => type);
  const rulings = [policy, ...events.flatMap((event) => (event.type === 'policy_changed' ? [event.policy] : []))];
  const note = (holds: boolean | undefined, trait: string) => holds && traits.push(trait);

  note(calendar === null, 'around the clock');
  if (calendar) {
    const start = events[0]!.at;
    const zone = IANAZone.create(calendar.timezone);
    const [before, after] = [zone.offset(start), zone.offset(Math.max(start, now, events.at(-1)!.at))];
    note(after > before, 'clocks go forward meanwhile');
    note(after < before, 'clocks go back meanwhile');
    note(zone.offset(start) % 60 !== 0, 'offset of a part of an hour');
    const yearly = [0, 3, 6, 9].map((month) => zone.offset(Date.UTC(2026, month, 1)));
    note(new Set(yearly).size === 1, 'zone without DST');
    note(
      Object.values(calendar.hours).some((day) => day.length > 1),
      'lunch break',
    );
    note(calendar.holidays.length > 0, 'holidays');
    note(Object.keys(calendar.exceptions).length > 0, 'days with hours of their own');
  }
  const opened = events[0];
  note(
    opened?.type === 'opened' && opened.status !== undefined && policy?.pauseOn.some((on) => on === opened.status),
    'created while paused',
  );
  const byStatus = events.some(
    (event) => event.type === 'status_changed' && policy?.pauseOn.some((on) => on === event.to),
  );
  note(byStatus, 'paused by status');
  note(types.includes('paused'), 'paused by hand');
  note(byStatus && types.includes('paused'), 'pauses of both kinds');
  note(types.includes('resolved') && types.includes('reopened'), 'resolved and reopened');
  note(types.includes('policy_changed'), 'policy changed');
  note(
    rulings.some((rules) => rules?.nextResponseFrom === 'customer_message'),
    'next response from the customer’s message',
  );
  note(
    rulings.some((rules) => rules?.onReopen === 'restart'),
    'resolution restarts when reopened',
  );
  const escalates = rulings.map((rules) => (rules?.escalation?.length ?? 0) > 0);
  note(escalates.includes(true), 'escalation');
  note(escalates.length > 1 && escalates.filter(Boolean).length > 1, 'escalation under more than one policy');
  note(
    events.some(({ at }, index) => events[index + 1]?.at === at),
    'several events at one instant',
  );
  return traits;
}
