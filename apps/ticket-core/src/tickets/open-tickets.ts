import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketOpened } from '#shared/contracts/events.js';
import { inTrace } from '#shared/messaging/headers.js';
import type { Priority, Source, Status } from '#shared/contracts/values.js';
import { activity, type ActivityRow } from '../activities/activity.view.js';
import type { Tx } from '../database/database.js';
import { plainText } from '../database/statement.js';
import { NotifyAgents } from '../notifications/notify-agents.js';
import { Outbox, type OutboxRow } from '../outbox/outbox.js';
import { ReckonClocks } from '../sla/reckon-clocks.js';
import { bornWith } from './ticket-changes.js';
import { ticketFactsOf } from './ticket-facts.js';
import { type NewTicket, TicketRepository } from './ticket.repository.js';
import type { ClockJson, TicketRow } from './ticket.view.js';

/** A ticket to open, its people already known. Texts are cut to size by whoever parsed the input. */
export interface TicketToOpen {
  actor: Actor;
  subject: string;
  description: string;
  /** Open, when nothing is said. */
  status?: Exclude<Status, 'resolved' | 'closed'>;
  priority: Priority;
  category: string;
  kind: string | null;
  source: Source;
  /** None, when nothing is said. */
  team?: { id: string; name: string; handle: string } | null;
  assignee: { id: string; name: string; email: string } | null;
  contact: {
    id: string;
    name: string;
    email: string;
    company_id?: string | null | undefined;
    company_name?: string | null | undefined;
  } | null;
  entity: { type: string; id: string; name?: string } | null;
  tags: string[];
  customFields: Record<string, unknown>;
  cc: string[];
  /** Messages that are written with it: a mail opens a ticket with one. */
  messageCount: number;
  followUpOf: string | null;
  /** A mail's arrival; else now. */
  openedAtMs: number;
  /** The trace it came by, when that is not the present one: mails of many traces are filed together. */
  trace?: string | null;
}

/** Opens tickets of one organisation: rows, history, clocks and events in one statement, numbers without gaps. */
@Injectable()
export class OpenTickets {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly clocks: ReckonClocks,
    private readonly outbox: Outbox,
    private readonly notify: NotifyAgents,
  ) {}

  async execute(tx: Tx, orgId: string, toOpen: readonly TicketToOpen[], nowMs: number): Promise<TicketRow[]> {
    const rows: TicketRow[] = [];
    const inserts = {
      tickets: [] as NewTicket[],
      trackings: [] as object[],
      clocks: [] as object[],
      activities: [] as ActivityRow[],
      events: [] as OutboxRow[],
    };
    for (const ticket of toOpen) {
      const row = rowOf(ticket);
      const { actor } = ticket;
      const forThemselves = actor.kind === 'agent' && row.contact_id === null;
      const opened = activity(actor, row.id, 'created', ticket.openedAtMs, {
        to: { ...bornWith(row), ...(forThemselves && { forThemselves }) },
      });
      const history = [{ ...opened, at: new Date(opened.at) }];
      const reckoned = await this.clocks.forNew(tx, orgId, row.id, ticketFactsOf(row), history, nowMs);
      row.sla_deadline = reckoned.slaDeadline ? new Date(reckoned.slaDeadline) : null;
      row.clocks = reckoned.clocks as ClockJson[];
      rows.push(row);
      inserts.tickets.push(insertOf(row));
      inserts.trackings.push(reckoned.tracking);
      inserts.clocks.push(...reckoned.clocks);
      inserts.activities.push(opened);
      inserts.events.push(
        inTrace(ticket.trace ?? null, () =>
          this.outbox.row(
            ticketOpened,
            {
              ticketId: row.id,
              version: 1,
              status: row.status,
              priority: row.priority,
              source: row.source,
              actor: { kind: actor.kind, id: actor.id, name: actor.name },
            },
            ticket.openedAtMs,
          ),
        ),
      );
    }
    const given = await this.tickets.open(tx, orgId, inserts);
    for (const row of rows) Object.assign(row, given.get(row.id)!);
    this.outbox.publishAfter(tx);
    for (const [place, { actor }] of toOpen.entries()) await this.notify.ofAssignment(tx, actor, rows[place]!);
    return rows;
  }
}

function rowOf(ticket: TicketToOpen): TicketRow {
  const openedAt = new Date(ticket.openedAtMs);
  return {
    id: uuidv7(),
    number: 0,
    // As Postgres will keep them, since what is answered is built from this row.
    subject: plainText(ticket.subject),
    description: plainText(ticket.description),
    status: ticket.status ?? 'open',
    priority: ticket.priority,
    category: ticket.category,
    kind: ticket.kind,
    source: ticket.source,
    team_id: ticket.team?.id ?? null,
    team_name: ticket.team?.name ?? null,
    team_handle: ticket.team?.handle ?? null,
    assignee_id: ticket.assignee?.id ?? null,
    assignee_name: ticket.assignee?.name ?? null,
    assignee_email: ticket.assignee?.email ?? null,
    creator_id: ticket.actor.kind === 'agent' ? ticket.actor.id : null,
    creator_name: ticket.actor.kind === 'agent' ? ticket.actor.name : null,
    creator_email: null,
    contact_id: ticket.contact?.id ?? null,
    contact_name: ticket.contact?.name ?? null,
    contact_email: ticket.contact?.email ?? null,
    company_id: ticket.contact?.company_id ?? null,
    company_name: ticket.contact?.company_name ?? null,
    entity: ticket.entity,
    tags: ticket.tags,
    custom_fields: ticket.customFields,
    cc: ticket.cc,
    version: 1,
    message_count: ticket.messageCount,
    sla_deadline: null,
    first_response_at: null,
    resolved_at: null,
    closed_at: null,
    follow_up_of: ticket.followUpOf,
    duplicate_of: null,
    duplicate_of_number: null,
    created_at: openedAt,
    updated_at: openedAt,
    deleted_at: null,
    clocks: null,
  };
}

const insertOf = (row: TicketRow): NewTicket => ({
  id: row.id,
  subject: row.subject,
  description: row.description,
  status: row.status,
  priority: row.priority,
  category: row.category,
  kind: row.kind,
  source: row.source,
  team_id: row.team_id,
  assignee_id: row.assignee_id,
  creator_id: row.creator_id,
  contact_id: row.contact_id,
  entity: row.entity,
  tags: row.tags,
  custom_fields: row.custom_fields,
  cc: row.cc,
  message_count: row.message_count,
  sla_deadline: row.sla_deadline?.toISOString() ?? null,
  follow_up_of: row.follow_up_of,
  created_at: row.created_at.toISOString(),
});
