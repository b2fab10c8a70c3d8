import type { TicketFacts } from '#sla/ticket-facts.js';
import type { ActivityRead } from '../activities/activity.view.js';

type Values = Record<string, unknown> | null;

/**
 * A ticket's facts as they were when it was opened: what they are now, with the changes of its history (oldest first) undone
 * one after the other. What no line tells of (the contact's address book) is as it is now.
 */
export function factsAtOpening(now: TicketFacts, history: readonly ActivityRead[]): TicketFacts {
  let facts: TicketFacts = { ...now, status: 'open' };
  for (const line of history.toReversed()) facts = undone(facts, line);
  return facts;
}

function undone(facts: TicketFacts, { type, old_value, new_value }: ActivityRead): TicketFacts {
  const from = old_value as Values;
  const was = (field: string) => (from?.[field] ?? null) as string | null;
  const tags = facts.tags ?? [];
  switch (type) {
    case 'created': {
      const priority = (new_value as Values)?.['priority'];
      return typeof priority === 'string' ? { ...facts, priority: priority as TicketFacts['priority'] } : facts;
    }
    case 'priority_changed':
      return { ...facts, priority: was('priority') as TicketFacts['priority'] };
    case 'subject_edited':
      return { ...facts, subject: was('subject') };
    case 'description_edited':
      return { ...facts, description: was('description') };
    case 'category_changed':
      return { ...facts, category: was('category') };
    case 'kind_changed':
      return { ...facts, kind: was('kind') };
    case 'team_changed':
      return { ...facts, teamId: was('teamId') };
    case 'assigned':
      return { ...facts, assigneeId: was('assigneeId') };
    case 'tag_added':
      return { ...facts, tags: tags.filter((tag) => tag !== (new_value as Values)?.['tag']) };
    case 'tag_removed':
      return { ...facts, tags: [...tags, String(from?.['tag'])] };
    case 'custom_field_changed':
      return { ...facts, customFields: { ...facts.customFields, ...(from as TicketFacts['customFields']) } };
    case 'entity_changed':
      return { ...facts, entity: (from?.['entity'] as TicketFacts['entity']) ?? null };
    default:
      return facts;
  }
}
