import { z } from 'zod';
import { contract } from './contract.js';
import {
  emailAddress,
  instant,
  markdown,
  priority,
  priorityInput,
  source,
  status,
  statusInput,
  subjectLine,
  tagName,
  ticketRef,
} from './values.js';

export const slaClockView = z
  .object({
    target: z.enum(['first_response', 'next_response', 'resolution']),
    cycle: z.int().positive(),
    state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
    startedAt: instant,
    warnAt: instant.nullable(),
    dueAt: instant,
    stoppedAt: instant.nullable(),
    breachedAt: instant.nullable(),
  })
  .meta({ id: 'SlaClock' });
export type SlaClockView = z.output<typeof slaClockView>;

export const agentRef = z.object({ id: z.uuid(), name: z.string(), email: z.string() }).meta({ id: 'AgentName' });
export const teamRef = z.object({ id: z.uuid(), name: z.string(), handle: z.string() }).meta({ id: 'TeamName' });
export const contactRef = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    /** Whom they are of; absent where nobody asked. */
    company: z.object({ id: z.uuid(), name: z.string() }).nullable().optional(),
  })
  .meta({ id: 'ContactName' });

/** What the ticket is about, beside a customer: a device, an integration, a space, an endpoint. */
export const entity = z.strictObject({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(200),
  name: z.string().max(200).optional(),
});

export const ticketView = z
  .object({
    id: z.uuid(),
    number: z.int().positive(),
    ticketNumber: z.int().positive(),
    subject: z.string(),
    description: z.string(),
    status,
    priority,
    category: z.string(),
    kind: z.string().nullable(),
    source,
    teamId: z.uuid().nullable(),
    team: teamRef.nullable(),
    assigneeId: z.uuid().nullable(),
    assignee: agentRef.nullable(),
    creatorId: z.uuid().nullable(),
    creator: agentRef.nullable(),
    contact: contactRef.nullable(),
    contactEmail: z.string().nullable(),
    contactName: z.string().nullable(),
    entity: entity.nullable(),
    tags: z.array(z.string()),
    customFields: z.record(z.string(), z.unknown()),
    version: z.int().positive(),
    messageCount: z.int().nonnegative(),
    /** Time logged on it, by everybody; told where one ticket is read. */
    timeSpentMinutes: z.int().nonnegative().optional(),
    slaDeadline: instant.nullable(),
    sla: z.array(slaClockView),
    firstResponseAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    closedAt: instant.nullable(),
    followUpOf: z.uuid().nullable(),
    duplicateOf: z.uuid().nullable(),
    /** The same with its number: this ticket was merged into that one and is only read. */
    mergedInto: z.object({ id: z.uuid(), number: z.int().positive() }).nullable(),
    createdAt: instant,
    updatedAt: instant,
    deletedAt: instant.nullable(),
  })
  .meta({ id: 'Ticket' });
export type TicketView = z.output<typeof ticketView>;

/** An agent as people name one: by id, e-mail address, handle (the part before the @) or full name. */
const agentNamed = z.string().trim().min(1).max(254);
const contactName = z.string().trim().max(200);
const category = z.string().trim().min(1).max(100);
const kind = z.string().trim().min(1).max(200);
const tags = z.array(tagName).max(50);
const customFields = z.record(z.string().max(100), z.unknown());

/** Other names of fields, as the four documents have them. */
const aliases = {
  /** Of `subject`. */
  title: subjectLine.optional(),
  /** Of `assigneeId`. */
  assignee: agentNamed.nullable().optional(),
  /** Of `assigneeId`. */
  assignedTo: agentNamed.nullable().optional(),
  /** The endpoint that a ticket is about: an `entity` of the type `endpoint`. */
  agent: z.string().trim().min(1).max(200).nullable().optional(),
};
type Aliases = { [K in keyof typeof aliases]?: z.output<(typeof aliases)[K]> };
type Named = Aliases & {
  subject?: string | undefined;
  assigneeId?: string | null | undefined;
  entity?: z.output<typeof entity> | null | undefined;
};

/** One name for each field. Two names that say different things are refused, at the second. */
export function withoutAliases<T extends Named>(input: T, context: z.RefinementCtx): Omit<T, keyof Aliases> {
  const { title, assignee, assignedTo, agent, ...fields } = input;
  const endpoint = typeof agent === 'string' ? { type: 'endpoint', id: agent } : agent;
  const said: Record<string, unknown> = fields;
  const take = (field: 'subject' | 'assigneeId' | 'entity', alias: string, value: unknown) => {
    if (value === undefined) return;
    if (said[field] !== undefined && JSON.stringify(said[field]) !== JSON.stringify(value)) {
      context.addIssue({ code: 'custom', path: [alias], message: `says something else than ${field}`, input: value });
    }
    said[field] = value;
  };
  take('subject', 'title', title);
  take('assigneeId', 'assignee', assignee);
  take('assigneeId', 'assignedTo', assignedTo);
  take('entity', 'agent', endpoint);
  return fields;
}

/** What a template may fill in beside the subject; each has a default. */
const openShape = {
  ...aliases,
  subject: subjectLine.optional(),
  description: markdown.optional(),
  priority: priorityInput.optional().meta({ default: 'medium' }),
  /** One of the desk's list; its first when nobody says. */
  category: category.optional(),
  kind: kind.nullable().optional(),
  teamId: z.uuid().nullable().optional(),
  assigneeId: agentNamed.nullable().optional(),
  entity: entity.nullable().optional(),
  tags: tags.optional(),
  customFields: customFields.optional(),
};

/** The part of a ticket that a template holds. */
export const templateFields = z.strictObject(openShape).transform(withoutAliases);

/** One that is resolved or closed at once was open before: it is opened, and then changed. */
export const OPEN_STATUSES = ['open', 'in_progress', 'pending', 'on_hold'] as const;
const firstStatus = z
  .enum([...OPEN_STATUSES, 'waiting'], {
    error: `must be one of ${OPEN_STATUSES.join(', ')}: a ticket is resolved or closed once it is open`,
  })
  .transform((said) => (said === 'waiting' ? 'pending' : said));

const openedFor = {
  status: firstStatus.default('open'),
  source: source.default('api'),
  contactEmail: emailAddress.nullable().default(null),
  contactName: contactName.nullable().default(null),
};

/** The same where the template is named already. */
export const openFromTemplateInput = z
  .strictObject({ ...openShape, ...openedFor })
  .meta({ example: { subject: 'New employee: Dana Reed', contactEmail: 'dana@customer.example' } })
  .transform(withoutAliases);

/** What a ticket is opened with: a subject, or a template that has one; everything else has a default. */
export const openTicketInput = z
  .strictObject({
    ...openShape,
    ...openedFor,
    /** Fills in what is left out here. */
    templateId: z.uuid().optional(),
  })
  .meta({
    example: {
      subject: 'Login broken',
      priority: 'high',
      category: 'technical',
      contactEmail: 'casey@customer.example',
    },
  })
  .transform((input, context) => {
    const fields = withoutAliases(input, context);
    if (fields.subject === undefined && fields.templateId === undefined) {
      context.addIssue({ code: 'custom', path: ['subject'], message: 'is missing: must be text' });
      return z.NEVER;
    }
    return fields;
  });

export const updateShape = z.strictObject({
  ...aliases,
  subject: subjectLine.optional(),
  description: markdown.optional(),
  status: statusInput.optional(),
  priority: priorityInput.optional(),
  category: category.optional(),
  kind: kind.nullable().optional(),
  teamId: z.uuid().nullable().optional(),
  assigneeId: agentNamed.nullable().optional(),
  contactEmail: emailAddress.nullable().optional(),
  contactName: contactName.nullable().optional(),
  entity: entity.nullable().optional(),
  tags: tags.optional(),
  customFields: customFields.optional(),
  version: z.int().positive().optional(),
  /** An internal note that goes with the change, such as what was done to resolve it. */
  note: markdown.optional(),
});

/** Fields left out stay as they are. `version` guards against overwriting somebody else's change. */
export const updateTicketFields = updateShape
  .meta({ example: { status: 'resolved', assignee: 'alice', version: 3 } })
  .transform(withoutAliases);

export const getTicketQuery = z.strictObject({
  deleted: z
    .enum(['true', 'false'])
    .default('false')
    .transform((deleted) => deleted === 'true'),
});

/** `warnings`: what of its template could not be had, such as an assignee who has left. */
export const openedTicketView = ticketView
  .extend({ warnings: z.array(z.string()).optional() })
  .meta({ id: 'OpenedTicket' });
export type OpenedTicketView = z.output<typeof openedTicketView>;

export const openTicket = contract('tickets.open', {
  bySystem: true,
  request: openTicketInput,
  reply: openedTicketView,
});
export const getTicket = contract('tickets.get', {
  bySystem: true,
  request: z.strictObject({
    ticket: ticketRef,
    /** Also one that was deleted: for those who may restore it, and for services. */
    deleted: z.boolean().default(false),
  }),
  reply: ticketView,
});
export const updateTicket = contract('tickets.update', {
  request: updateShape.extend({ ticket: ticketRef }).transform(withoutAliases),
  reply: ticketView,
});

const assignShape = z.strictObject({
  assigneeId: agentNamed.nullable().optional(),
  assignee: agentNamed.nullable().optional(),
  assignedTo: agentNamed.nullable().optional(),
  teamId: z.uuid().nullable().optional(),
  note: markdown.optional(),
});
const somebody = <T extends Named & { teamId?: string | null | undefined }>(input: T, context: z.RefinementCtx) => {
  const fields = withoutAliases(input, context);
  if (fields.assigneeId === undefined && fields.teamId === undefined) {
    const message = 'is missing: must be an agent’s id, e-mail address, handle or name, or null for nobody';
    context.addIssue({ code: 'custom', path: ['assigneeId'], message, input: undefined });
  }
  return fields;
};
/** Who has it from now on: an agent, nobody (null), another team, or both. */
export const assignTicketInput = assignShape
  .meta({ example: { assignee: 'bea@acme.test', note: 'You know the printer best.' } })
  .transform(somebody);
export const assignTicket = contract('tickets.assign', {
  request: assignShape.extend({ ticket: ticketRef }).transform(somebody),
  reply: ticketView,
});

const note = markdown.optional();
/** `note` becomes an internal note beside the change. */
export const stepInput = z.strictObject({ note }).meta({ example: { note: 'Replaced the fuser.' } });
/** Why it is open again; it becomes an internal note. */
export const reopenInput = z
  .strictObject({ reason: note, note })
  .meta({ example: { reason: 'It went offline again.' } })
  .transform(({ reason, note: same }) => ({ note: reason ?? same }));

const step = (name: string) =>
  contract(`tickets.${name}`, { request: z.strictObject({ ticket: ticketRef, note }), reply: ticketView });
export const startTicket = step('start');
export const resolveTicket = step('resolve');
export const closeTicket = step('close');
export const reopenTicket = step('reopen');

export const success = z.object({ success: z.literal(true) }).meta({ id: 'Success' });
export const deleteTicket = contract('tickets.delete', {
  request: z.strictObject({ ticket: ticketRef }),
  reply: success,
});
export const restoreTicket = contract('tickets.restore', {
  request: z.strictObject({ ticket: ticketRef }),
  reply: ticketView,
});
