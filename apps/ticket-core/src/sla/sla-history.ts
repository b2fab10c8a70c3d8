import type { SlaEvent } from '#sla/sla-event.schema.js';
import type { ActivityRead } from '../activities/activity.view.js';

/** The ticket's own history as the clocks read it: nothing is kept beside it, so late arrivals and changes are right by construction. */
export function slaEventsOf(history: readonly ActivityRead[]): SlaEvent[] {
  // A reply that was undone before it left answered nobody.
  const takenBack = new Set(history.filter(({ type }) => type === 'message_taken_back').map(messageOf));
  const said =
    takenBack.size === 0
      ? history
      : history.filter((line) => line.type !== 'message_added' || !takenBack.has(messageOf(line)));
  return said.flatMap((line, place) => slaEventOf(line, place) ?? []);
}

const messageOf = (line: ActivityRead): string => String((line.new_value as { messageId?: unknown } | null)?.messageId);

type Values = Record<string, unknown> | null;

function slaEventOf(line: ActivityRead, place: number): SlaEvent | null {
  const stamp = { id: line.id, seq: place, at: line.at.getTime() };
  const by = line.actor_kind;
  const values = line.new_value as Values;
  const rules = (values?.['rules'] ?? null) as Values;
  switch (line.type) {
    case 'created':
      return {
        ...stamp,
        type: 'opened',
        by,
        ...(line.actor_id && { actorId: line.actor_id }),
        status: 'open',
        publicReply: values?.['publicReply'] === true,
        forThemselves: values?.['forThemselves'] === true,
      };
    case 'message_added':
      return by === 'contact'
        ? { ...stamp, type: 'customer_replied', by: 'contact' }
        : {
            ...stamp,
            type: 'agent_replied',
            by: values?.['automatic'] === true ? 'system' : by,
            ...(line.actor_id && { actorId: line.actor_id }),
          };
    case 'note_added':
      return { ...stamp, type: 'note_added' };
    case 'status_changed':
    case 'resolved':
    case 'reopened':
      return { ...stamp, type: 'status_changed', by, to: values?.['status'] as never };
    case 'sla_policy_changed':
      return {
        ...stamp,
        type: 'policy_changed',
        policy: rules as never,
        calendar: (rules?.['calendar'] ?? null) as never,
      };
    case 'sla_paused':
      return { ...stamp, type: 'paused' };
    case 'sla_resumed':
      return { ...stamp, type: 'resumed' };
    default:
      return null;
  }
}
