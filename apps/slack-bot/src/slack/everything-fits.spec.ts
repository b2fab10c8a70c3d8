import { describe, expect, it } from '@jest/globals';
import { type CustomFieldView, FIELD_TYPES } from '#shared/contracts/custom-fields.js';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { PRIORITIES, STATUSES } from '#shared/contracts/values.js';
import { checkMessage } from '#slack/check-message.js';
import { checkView } from '#slack/check-view.js';
import { escalationCard } from '../alerts/escalation.cards.js';
import { alertCard, alertDigest, alertId, readAlertId } from '../alerts/alert.cards.js';
import { listCard } from '../cards/list.cards.js';
import { slaCard } from '../cards/sla.cards.js';
import { requesterCard, ticketCard } from '../cards/ticket.cards.js';
import { helpCard, verbHelpCard, wrongCard } from '../commands/help.cards.js';
import { replySentCard, replyUndoneCard } from '../commands/reply.cards.js';
import { SHORTCUTS } from '../commands/shortcuts.js';
import { type VerbDefinition, VERBS } from '../commands/verbs.js';
import { HOME_LIST, homeView } from '../home/home.cards.js';
import { problemModal, verbModal, waitingModal } from '../modals/verb.modals.js';
import { changesLine, clockEventLine, deliveryLine, messageLine } from '../threads/thread.cards.js';
import { buildClock, buildMessage, buildTicket } from '../test-tickets.js';
import type { SlackMessage, SlackView } from './blocks.view.js';

const EVIL = '<!channel> &*_~`<@U1>👩‍🚒';
const long = (length: number): string => EVIL.repeat(Math.ceil(length / EVIL.length)).slice(0, length);

const extreme: TicketView = buildTicket({
  number: 999_999_999,
  subject: long(500),
  description: `${long(3_000)}\n`.repeat(60),
  contact: { id: buildTicket().id, name: long(200), email: `${'a'.repeat(240)}@x.example` },
  contactName: long(200),
  contactEmail: `${'a'.repeat(240)}@x.example`,
  assignee: { id: buildTicket().id, name: long(200), email: 'a@acme.test' },
  category: long(100),
  tags: Array.from({ length: 50 }, () => long(50)),
  entity: { type: long(100), id: long(200), name: long(200) },
  sla: Array.from({ length: 30 }, (_, cycle) =>
    buildClock({ cycle: cycle + 1, target: 'next_response', state: 'breached' }),
  ),
});

const message: MessageView = buildMessage({
  content: `${long(2_000)}\n`.repeat(80),
  author: { kind: 'agent', id: null, name: long(200) },
  delivery: {
    state: 'queued',
    to: Array.from({ length: 50 }, () => `${'b'.repeat(240)}@x.example`),
    detail: null,
    notBefore: null,
  },
  attachments: Array.from({ length: 60 }, () => ({
    id: extreme.id,
    name: long(500),
    contentType: 'text/plain',
    sizeBytes: 1,
    sha256: '0'.repeat(64),
    contentId: null,
    inline: false,
    url: '/api/v1/attachments/x',
  })),
});

const agent = { agent: { id: extreme.id, name: 'A', email: 'a@acme.test', role: 'admin' as const } };
const recipients = {
  to: Array.from({ length: 50 }, () => `${'c'.repeat(240)}@x.example`),
  cc: [`${'d'.repeat(240)}@x.example`],
};
const alert = {
  ticket: extreme,
  policyName: long(200),
  ownerSlackId: null,
  target: 'first_response' as const,
  cycle: 99,
  dueAt: '2026-11-21T10:00:00.000Z',
  cardUrl: `https://acme.slack.com/archives/C0/${'p'.repeat(300)}`,
};
const nowMs = Date.parse('2026-11-24T10:00:00.000Z');
const bare = buildTicket({ subject: 'x', description: '', sla: [] });

const messages: [string, SlackMessage][] = [
  ['bare card', ticketCard(bare)],
  ...STATUSES.flatMap((status) =>
    PRIORITIES.map((priority): [string, SlackMessage] => [
      `card ${status} ${priority}`,
      ticketCard({ ...extreme, status, priority, assigneeId: priority === 'low' ? null : extreme.id }),
    ]),
  ),
  ['requester’s card', requesterCard(extreme)],
  [
    'list',
    listCard({
      title: long(900),
      tickets: Array.from({ length: 10 }, () => extreme),
      page: 7,
      nextCursor: 'c'.repeat(200),
      filters: long(1_000),
      forRequester: false,
    }),
  ],
  ['empty list', listCard({ title: 'x', tickets: [], page: 1, nextCursor: null, filters: '', forRequester: true })],
  ['clocks', slaCard(extreme)],
  ['no clocks', slaCard(bare)],
  ['help', helpCard(`/${'x'.repeat(31)}`, agent)],
  ...(VERBS as readonly VerbDefinition[]).map((verb): [string, SlackMessage] => [
    `help ${verb.name}`,
    verbHelpCard('/ticket', verb),
  ]),
  ['wrong', wrongCard('/ticket', long(3_000), long(3_000))],
  [
    'reply sent',
    replySentCard({ number: 1, messageId: extreme.id, content: message.content, recipients, undoMs: 20_000, nowMs }),
  ],
  ['reply undone', replyUndoneCard(message.content)],
  ['breach', alertCard({ ...alert, level: 'breached', acknowledged: { by: long(200), atMs: nowMs } }, nowMs)],
  ['warning', alertCard({ ...alert, level: 'warning', ticket: bare, policyName: null }, nowMs)],
  ['escalation', escalationCard({ ...alert, step: 20, at: alert.dueAt, instead: long(500) }, nowMs)],
  [
    'digest',
    alertDigest(
      Array.from({ length: 20 }, () => ({ ...alert, level: 'breached' as const })),
      nowMs,
    ),
  ],
  ['message', messageLine(message)],
  ['customer’s message', messageLine({ ...message, author: { kind: 'contact', id: null, name: long(200) } })],
  ['note', messageLine({ ...message, isInternalNote: true })],
  [
    'changes',
    changesLine(
      long(200),
      ['status', 'priority', 'assignee', 'subject', 'category', 'tags', 'customFields.x', 'description', 'x', 'y'].map(
        (field) => ({
          field,
          from: null,
          to: field === 'status' ? 'open' : field === 'priority' ? 'high' : long(500),
        }),
      ),
    )!,
  ],
  ['bounce', deliveryLine('bounced', long(4_000), recipients.to)!],
  ['failure', deliveryLine('failed', '', [])!],
  ['clock event', clockEventLine('breached', 'resolution', alert.dueAt)],
];

const origin = {
  channel: 'C0123456789',
  responseUrl: `https://hooks.slack.com/${'r'.repeat(300)}`,
  threadTs: '1795285800.000100',
};
const full = {
  subject: long(600),
  text: long(4_000),
  category: long(200),
  ticket: '42',
  status: 'open',
  priority: 'high',
  email: 'a@b.example',
};
/** As many as a desk may have, each with as many options as it may have. */
const manyFields = (label: string): CustomFieldView[] =>
  Array.from({ length: 100 }, (_, at) => ({
    id: extreme.id,
    key: `k${at}`.padEnd(63, 'x'),
    label,
    type: FIELD_TYPES[at % FIELD_TYPES.length]!,
    options: Array.from({ length: 200 }, (__, option) => `${option} ${long(90)}`),
    required: true,
    position: at,
    createdAt: extreme.createdAt,
    updatedAt: extreme.createdAt,
  }));
const views: [string, SlackView][] = [
  ...(VERBS as readonly VerbDefinition[])
    .filter(({ modal }) => modal)
    .flatMap((verb): [string, SlackView][] => [
      [`${verb.name} empty`, verbModal({ verb, values: {}, origin: {} })],
      [`${verb.name} filled`, verbModal({ verb, values: full, origin, ticket: extreme, recipients, undoSeconds: 600 })],
    ]),
  ['nobody gets it', verbModal({ verb: VERBS[6], values: {}, origin, ticket: bare, recipients: { to: [], cc: [] } })],
  ...(['Label', long(100)] as const).map((label): [string, SlackView] => [
    `a form with a hundred of the desk’s own fields (${label.length})`,
    verbModal({ verb: VERBS[0], values: full, origin, customFields: manyFields(label) }),
  ]),
  ['waiting', waitingModal(long(100))],
  ['problem', problemModal(long(100), long(4_000))],
  [
    'home',
    homeView({
      name: 'x',
      isAgent: true,
      mine: Array.from({ length: HOME_LIST }, () => extreme),
      unassigned: Array.from({ length: HOME_LIST }, () => extreme),
      breached: Array.from({ length: HOME_LIST }, () => extreme),
      command: '/ticket',
    }),
  ],
  ['guest’s home', homeView({ name: 'x', isAgent: false, mine: [], unassigned: [], breached: [], command: '/ticket' })],
];

describe('everything that the bot can say', () => {
  it.each(messages)('fits: %s', (_, said) => {
    expect(checkMessage(said)).toEqual([]);
  });

  it.each(views)('fits: %s', (_, view) => {
    expect(checkView(view)).toEqual([]);
  });

  it.each([...messages, ...views])('cannot ping anybody by other people’s text: %s', (_, said) => {
    // Plain text is shown as it is; in mrkdwn only our own dates and links may stand in angle brackets.
    const mrkdwn = [...collect(said)];
    for (const text of mrkdwn) expect(text.replaceAll(/<!date\^|<https:\/\//g, '')).not.toMatch(/<[!@#]/);
  });

  it('finds its alert again from the block that was pressed', () => {
    const id = { level: 'breached', ticketId: extreme.id, target: 'resolution', cycle: 3 } as const;
    expect(readAlertId(alertId(id))).toEqual(id);
    expect(readAlertId('other')).toBeNull();
  });

  it('says how many alerts a digest has, even when it is one', () => {
    const of = (count: number) =>
      alertDigest(
        Array.from({ length: count }, () => ({ ...alert, level: 'breached' as const })),
        nowMs,
      ).text;
    expect([of(1), of(2)]).toEqual([
      expect.stringMatching(/: 1 SLA alert(?!s| at once)/),
      expect.stringContaining('2 SLA alerts at once'),
    ]);
  });

  it('says an alert in at most six lines', () => {
    const { blocks } = alertCard({ ...alert, level: 'breached' }, nowMs);
    expect((blocks![0]!['text'] as { text: string }).text.split('\n').length).toBeLessThanOrEqual(6);
  });

  it('has shortcuts that Slack takes', () => {
    for (const { name, description } of SHORTCUTS) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });
});

/** Every mrkdwn text, and a message's own. */
function* collect(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* collect(one);
  else if (typeof value === 'object' && value !== null) {
    const { type, text } = value as { type?: unknown; text?: unknown };
    if (typeof text === 'string' && (type === 'mrkdwn' || type === undefined)) yield text;
    for (const one of Object.values(value)) yield* collect(one);
  }
}
