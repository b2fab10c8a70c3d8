import type { TicketFacts } from '#sla/ticket-facts.js';
import type { TicketRow } from './ticket.view.js';

type Facts = Pick<
  TicketRow,
  | 'status'
  | 'priority'
  | 'category'
  | 'kind'
  | 'source'
  | 'subject'
  | 'description'
  | 'team_id'
  | 'assignee_id'
  | 'creator_id'
  | 'tags'
  | 'contact_email'
  | 'contact_name'
  | 'company_name'
  | 'entity'
  | 'custom_fields'
>;

/** What conditions (of SLA policies, later of workflows) may ask of a ticket. */
export const ticketFactsOf = (row: Facts): TicketFacts => ({
  status: row.status,
  priority: row.priority,
  category: row.category,
  kind: row.kind,
  source: row.source,
  subject: row.subject,
  description: row.description,
  teamId: row.team_id,
  assigneeId: row.assignee_id,
  creatorId: row.creator_id,
  tags: row.tags,
  contact: row.contact_email ? { email: row.contact_email, name: row.contact_name } : null,
  company: row.company_name,
  entity: row.entity,
  customFields: row.custom_fields as NonNullable<TicketFacts['customFields']>,
});
