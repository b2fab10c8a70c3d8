import { describe, expect, it } from '@jest/globals';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { deadlineOf } from './ticket-columns.js';
import { sizeOf, ticketPage } from './ticket-page.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const clock = (overrides: Partial<TicketView['sla'][number]> = {}): TicketView['sla'][number] => ({
  target: 'first_response',
  cycle: 1,
  state: 'running',
  startedAt: '2026-11-21T11:00:00.000Z',
  warnAt: null,
  dueAt: '2026-11-21T12:30:00.000Z',
  stoppedAt: null,
  breachedAt: null,
  ...overrides,
});
const ticket = (overrides: Partial<TicketView> = {}): TicketView =>
  ({
    id: '0190a000-0000-7000-8000-000000000001',
    number: 42,
    subject: 'Printer\u001b[31m on fire',
    description: 'Smoke.',
    status: 'open',
    priority: 'high',
    category: 'technical',
    source: 'email',
    assignee: null,
    contact: { id: 'c', name: 'Casey', email: 'casey@customer.example' },
    entity: null,
    tags: ['vip'],
    customFields: { plan: 'pro' },
    sla: [clock()],
    createdAt: '2026-11-21T11:00:00.000Z',
    resolvedAt: null,
    closedAt: null,
    slaDeadline: '2026-11-21T12:30:00.000Z',
    ...overrides,
  }) as TicketView;
const message = (overrides: Partial<MessageView> = {}): MessageView =>
  ({
    author: { kind: 'contact', id: null, name: 'Casey' },
    isInternalNote: false,
    content: 'Help',
    delivery: null,
    editedAt: null,
    createdAt: '2026-11-21T11:00:00.000Z',
    attachments: [],
    ...overrides,
  }) as unknown as MessageView;

describe('a ticket on the terminal', () => {
  it('shows what it is, its clocks and its thread', () => {
    const note = message({
      isInternalNote: true,
      content: 'Call them',
      author: { kind: 'agent', id: null, name: 'Bea' },
    });
    expect(ticketPage(ticket(), [message(), note], { colours: false, nowMs: NOW }).split('\n')).toEqual([
      '#42  Printer [31m on fire',
      'status    open, high, technical',
      'from      Casey <casey@customer.example>',
      'assignee  nobody',
      'tags      vip',
      'opened    2026-11-21T11:00:00.000Z (1h ago) by e-mail',
      'plan      pro',
      'sla       first response due in 30m (2026-11-21T12:30:00.000Z)',
      'id        0190a000-0000-7000-8000-000000000001',
      '',
      'Smoke.',
      '',
      '─'.repeat(72),
      'Casey  wrote 1h ago (2026-11-21T11:00:00.000Z)',
      '',
      'Help',
      '',
      '─'.repeat(72),
      'Bea  internal note 1h ago (2026-11-21T11:00:00.000Z)',
      '',
      'Call them',
    ]);
  });

  it('says how its next deadline stands', () => {
    expect(deadlineOf(ticket(), NOW)).toBe('in 30m');
    expect(deadlineOf(ticket({ sla: [clock({ dueAt: '2026-11-21T11:15:00.000Z' })] }), NOW)).toBe('late 45m');
    expect(deadlineOf(ticket({ sla: [clock({ state: 'paused' })] }), NOW)).toBe('paused');
    expect(deadlineOf(ticket({ sla: [clock({ state: 'met' })] }), NOW)).toBe('');
  });

  it('says sizes as people do', () => {
    expect([sizeOf(12), sizeOf(2_048), sizeOf(3_400_000)]).toEqual(['12 B', '2 KB', '3.2 MB']);
  });
});
