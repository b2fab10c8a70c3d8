import type { MessageView } from '#shared/contracts/messages.js';
import type { SlaClockView, TicketView } from '#shared/contracts/tickets.js';

const ID = '0190c1a2-0000-7000-8000-000000000001';
const AT = '2026-11-21T09:00:00.000Z';

/** A ticket for tests: what is not said is plain. */
export const buildTicket = (overrides: Partial<TicketView> = {}): TicketView => ({
  id: ID,
  number: 42,
  ticketNumber: 42,
  subject: 'The printer is on fire',
  description: 'It really is.',
  status: 'open',
  priority: 'medium',
  category: 'general',
  kind: null,
  source: 'email',
  teamId: null,
  team: null,
  assigneeId: null,
  assignee: null,
  creatorId: null,
  creator: null,
  contact: null,
  contactEmail: 'casey@customer.example',
  contactName: 'Casey Customer',
  entity: null,
  tags: [],
  customFields: {},
  version: 1,
  messageCount: 1,
  slaDeadline: null,
  sla: [],
  firstResponseAt: null,
  resolvedAt: null,
  closedAt: null,
  followUpOf: null,
  duplicateOf: null,
  mergedInto: null,
  createdAt: AT,
  updatedAt: AT,
  deletedAt: null,
  ...overrides,
});

export const buildClock = (overrides: Partial<SlaClockView> = {}): SlaClockView => ({
  target: 'first_response',
  cycle: 1,
  state: 'running',
  startedAt: AT,
  warnAt: '2026-11-21T16:00:00.000Z',
  dueAt: '2026-11-21T17:00:00.000Z',
  stoppedAt: null,
  breachedAt: null,
  ...overrides,
});

export const buildMessage = (overrides: Partial<MessageView> = {}): MessageView => ({
  id: '0190c1a2-0000-7000-8000-000000000002',
  ticketId: ID,
  isInternalNote: false,
  content: 'It works again.',
  wholeText: null,
  author: { kind: 'contact', id: null, name: 'Casey Customer' },
  source: 'email',
  delivery: null,
  threading: null,
  attachments: [],
  inlineImages: {},
  createdAt: AT,
  editedAt: null,
  ...overrides,
});
