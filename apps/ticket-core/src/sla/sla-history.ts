import type { SlaEvent } from '#sla/sla-event.schema.js';
import type { ActivityRead } from '../activities/activity.view.js';

/** The ticket's own history as the clocks read it: nothing is kept beside it, so late arrivals and changes are right by construction. */
export function slaEventsOf(history: readonly ActivityRead[]): SlaEvent[] {
  const { takenBack, elsewhere, undone } = goneFrom(history);
  const said = history.filter((line) => {
    if (line.type === 'merged') return !undone.has(mergeOf(line));
    if (line.type !== 'message_added') return true;
    const id = messageOf(line);
    return !takenBack.has(id) && !(line.actor_kind === 'contact' && elsewhere.has(id));
  });
  return said.flatMap((line, place) => slaEventOf(line, place) ?? []);
}

/**
 * What counts as if it had never happened here: a reply that was undone before it left answered nobody; a customer's message
 * that was split off waits for its answer on the other ticket (an agent's that went along was an answer all the same); and a
 * merge that was undone ended nothing.
 */
function goneFrom(history: readonly ActivityRead[]) {
  const takenBack = new Set<string>();
  const elsewhere = new Set<string>();
  const undone = new Set<string>();
  for (const line of history) {
    const values = line.new_value as { into?: unknown; messageIds?: string[]; elsewhere?: string[] } | null;
    if (line.type === 'message_taken_back') takenBack.add(messageOf(line));
    if (line.type === 'unmerged') undone.add(mergeOf(line));
    const moved = line.type === 'split' && values?.into ? values.messageIds : undefined;
    for (const id of moved ?? (line.type === 'unmerged' ? values?.elsewhere : undefined) ?? []) elsewhere.add(id);
  }
  return { takenBack, elsewhere, undone };
}

const mergeOf = (line: ActivityRead): string => String((line.new_value as { mergeId?: unknown } | null)?.mergeId);

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
        status: (values?.['status'] ?? 'open') as never,
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
    case 'merged':
      // Only of the ticket that became part of another: the survivor's clocks are its own.
      return values?.['into'] ? { ...stamp, type: 'withdrawn' } : null;
    case 'sla_paused':
      return { ...stamp, type: 'paused' };
    case 'sla_resumed':
      return { ...stamp, type: 'resumed' };
    default:
      return null;
  }
}
