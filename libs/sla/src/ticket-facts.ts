import { TICKET_STATUSES, type TicketStatus } from './ticket-status.js';

export const TICKET_PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

const SOURCES = ['email', 'slack', 'web', 'portal', 'api', 'alert', 'health_monitor', 'workflow', 'user'];

export type FactValue = string | number | boolean | null | undefined;

/** What conditions may ask of a ticket, as it stands. Absent and null are empty. */
export type TicketFacts = {
  status: TicketStatus;
  priority: TicketPriority;
  category?: string | null;
  kind?: string | null;
  source?: string | null;
  subject?: string | null;
  description?: string | null;
  teamId?: string | null;
  assigneeId?: string | null;
  creatorId?: string | null;
  tags?: readonly string[];
  contact?: { email?: string | null; name?: string | null } | null;
  company?: string | null;
  entity?: { type?: string | null; id?: string | null; name?: string | null } | null;
  customFields?: Readonly<Record<string, FactValue | readonly FactValue[]>>;
};

/**
 * A field that a condition can name.
 * `choice` has fixed values (with their other names); `reference` is compared whole; `text` may also be
 * searched; `list` is a list of texts; `custom` is whatever the organisation's custom field holds.
 */
export type ConditionField = { name: string; ignoreCase?: boolean; read: (facts: TicketFacts) => unknown } & (
  | { kind: 'choice'; choices: readonly string[]; aliases: Readonly<Record<string, string>> }
  | { kind: 'reference' | 'text' | 'list' | 'custom' }
);

const FIELDS: readonly ConditionField[] = [
  choice('status', TICKET_STATUSES, { waiting: 'pending' }, (facts) => facts.status),
  choice('priority', TICKET_PRIORITIES, { critical: 'urgent' }, (facts) => facts.priority),
  choice('source', SOURCES, {}, (facts) => facts.source),
  { name: 'category', kind: 'reference', read: (facts) => facts.category },
  { name: 'kind', kind: 'reference', read: (facts) => facts.kind },
  { name: 'subject', kind: 'text', ignoreCase: true, read: (facts) => facts.subject },
  { name: 'description', kind: 'text', ignoreCase: true, read: (facts) => facts.description },
  { name: 'teamId', kind: 'reference', read: (facts) => facts.teamId },
  { name: 'assigneeId', kind: 'reference', read: (facts) => facts.assigneeId },
  { name: 'creatorId', kind: 'reference', read: (facts) => facts.creatorId },
  // "VIP" and "vip" are one tag to whoever types it.
  { name: 'tags', kind: 'list', ignoreCase: true, read: (facts) => facts.tags },
  { name: 'contact.email', kind: 'text', ignoreCase: true, read: (facts) => facts.contact?.email },
  { name: 'contact.name', kind: 'text', ignoreCase: true, read: (facts) => facts.contact?.name },
  { name: 'contact.domain', kind: 'reference', ignoreCase: true, read: (facts) => domainOf(facts.contact?.email) },
  { name: 'company', kind: 'text', ignoreCase: true, read: (facts) => facts.company },
  { name: 'entity.type', kind: 'reference', read: (facts) => facts.entity?.type },
  { name: 'entity.id', kind: 'reference', read: (facts) => facts.entity?.id },
  { name: 'entity.name', kind: 'text', ignoreCase: true, read: (facts) => facts.entity?.name },
];

/** The documents' other names of the same fields. */
const ALIASES: Readonly<Record<string, string>> = {
  channel: 'source',
  title: 'subject',
  team: 'teamId',
  team_id: 'teamId',
  assignee: 'assigneeId',
  assignee_id: 'assigneeId',
  creator_id: 'creatorId',
  tag: 'tags',
  contact_email: 'contact.email',
  contactEmail: 'contact.email',
  contact_name: 'contact.name',
  contactName: 'contact.name',
  entity_type: 'entity.type',
  entity_id: 'entity.id',
};

const byName = new Map(FIELDS.map((field) => [field.name, field]));

/** The field of a name or alias; `customFields.<key>` and `custom_fields.<key>` name custom fields; null is unknown. */
export function fieldNamed(name: string): ConditionField | null {
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  const field = byName.get(alias);
  if (field) return field;
  const custom = /^(?:customFields|custom_fields)\.([\w-]{1,100})$/.exec(name);
  if (!custom) return null;
  const key = custom[1]!;
  const read = ({ customFields }: TicketFacts): unknown =>
    customFields && Object.hasOwn(customFields, key) ? customFields[key] : undefined;
  return { name: `customFields.${key}`, kind: 'custom', read };
}

function choice(
  name: string,
  choices: readonly string[],
  aliases: Record<string, string>,
  read: (facts: TicketFacts) => unknown,
): ConditionField {
  return { name, kind: 'choice', choices, aliases, read };
}

function domainOf(email: string | null | undefined): string | null {
  const at = email?.lastIndexOf('@') ?? -1;
  return email && at >= 0 ? email.slice(at + 1) : null;
}
