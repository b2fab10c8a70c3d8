import type { Actor } from '#shared/contracts/actor.js';
import type { SlaClockView, TicketView } from '#shared/contracts/tickets.js';
import type { Priority, Source, Status } from '#shared/contracts/values.js';

/** A ticket as the repository reads it, with who it is for and who has it. */
export interface TicketRow {
  id: string;
  number: number;
  subject: string;
  description: string;
  status: Status;
  priority: Priority;
  category: string;
  kind: string | null;
  source: Source;
  team_id: string | null;
  team_name: string | null;
  team_handle: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  assignee_email: string | null;
  creator_id: string | null;
  creator_name: string | null;
  creator_email: string | null;
  contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  company_id: string | null;
  company_name: string | null;
  entity: { type: string; id: string; name?: string } | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  cc: string[];
  version: number;
  message_count: number;
  sla_deadline: Date | null;
  first_response_at: Date | null;
  resolved_at: Date | null;
  closed_at: Date | null;
  follow_up_of: string | null;
  duplicate_of: string | null;
  duplicate_of_number: number | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  clocks: ClockJson[] | null;
}

/** A clock as Postgres gives it inside JSON. */
export interface ClockJson {
  target: SlaClockView['target'];
  cycle: number;
  state: SlaClockView['state'];
  started_at: string;
  warn_at: string | null;
  due_at: string;
  stopped_at: string | null;
  breached_at: string | null;
}

const iso = (date: Date | string | null): string | null => (date === null ? null : new Date(date).toISOString());

/** What readers get of a ticket: these fields and no others. */
export const ticketViewOf = (row: TicketRow): TicketView => ({
  id: row.id,
  number: row.number,
  ticketNumber: row.number,
  subject: row.subject,
  description: row.description,
  status: row.status,
  priority: row.priority,
  category: row.category,
  kind: row.kind,
  source: row.source,
  teamId: row.team_id,
  team: row.team_id ? { id: row.team_id, name: row.team_name ?? '', handle: row.team_handle ?? '' } : null,
  assigneeId: row.assignee_id,
  assignee: row.assignee_id
    ? { id: row.assignee_id, name: row.assignee_name ?? '', email: row.assignee_email ?? '' }
    : null,
  creatorId: row.creator_id,
  creator: row.creator_id ? { id: row.creator_id, name: row.creator_name ?? '', email: row.creator_email ?? '' } : null,
  contact: contactRefOf(row),
  contactEmail: row.contact_email,
  contactName: row.contact_name,
  entity: row.entity,
  tags: row.tags,
  customFields: row.custom_fields,
  version: row.version,
  messageCount: row.message_count,
  slaDeadline: iso(row.sla_deadline),
  sla: (row.clocks ?? []).map(clockViewOf),
  firstResponseAt: iso(row.first_response_at),
  resolvedAt: iso(row.resolved_at),
  closedAt: iso(row.closed_at),
  followUpOf: row.follow_up_of,
  duplicateOf: row.duplicate_of,
  mergedInto: row.duplicate_of ? { id: row.duplicate_of, number: row.duplicate_of_number! } : null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  deletedAt: iso(row.deleted_at),
});

const contactRefOf = (row: TicketRow): TicketView['contact'] =>
  row.contact_id === null
    ? null
    : {
        id: row.contact_id,
        name: row.contact_name ?? '',
        email: row.contact_email ?? '',
        company: row.company_id ? { id: row.company_id, name: row.company_name ?? '' } : null,
      };

/**
 * What its customer gets of a ticket: what they wrote and were told, how it stands, and who has it by name. Fields that the
 * desk keeps for itself (tags, custom fields, SLA, teams, kind, entity, who opened it for them, other tickets, whom else it
 * was made one with) are there and empty. `publicMessages`: how many messages they can read.
 */
export function customerTicketViewOf(row: TicketRow, publicMessages: number): TicketView {
  const contact = contactRefOf(row);
  return {
    id: row.id,
    number: row.number,
    ticketNumber: row.number,
    subject: row.subject,
    description: row.description,
    status: row.status,
    priority: row.priority,
    category: row.category,
    kind: null,
    source: row.source,
    teamId: null,
    team: null,
    assigneeId: row.assignee_id,
    assignee: row.assignee_id ? { id: row.assignee_id, name: row.assignee_name ?? '', email: '' } : null,
    creatorId: null,
    creator: null,
    contact: contact && { id: contact.id, name: contact.name, email: contact.email },
    contactEmail: row.contact_email,
    contactName: row.contact_name,
    entity: null,
    tags: [],
    customFields: {},
    version: row.version,
    messageCount: publicMessages,
    slaDeadline: null,
    sla: [],
    firstResponseAt: iso(row.first_response_at),
    resolvedAt: iso(row.resolved_at),
    closedAt: iso(row.closed_at),
    followUpOf: row.follow_up_of,
    duplicateOf: null,
    mergedInto: null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: null,
  };
}

/** By who reads it. `publicMessages` is asked for customers only. */
export const ticketViewFor = (actor: Pick<Actor, 'kind'>, row: TicketRow, publicMessages: number): TicketView =>
  actor.kind === 'contact' ? customerTicketViewOf(row, publicMessages) : ticketViewOf(row);

const clockViewOf = (clock: ClockJson): SlaClockView => ({
  target: clock.target,
  cycle: clock.cycle,
  state: clock.state,
  startedAt: iso(clock.started_at)!,
  warnAt: iso(clock.warn_at),
  dueAt: iso(clock.due_at)!,
  stoppedAt: iso(clock.stopped_at),
  breachedAt: iso(clock.breached_at),
});
