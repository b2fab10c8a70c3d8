import { beforeEach, describe, expect, it } from '@jest/globals';
import { DeskError } from '#shared/errors/desk-error.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { NoSuchChannel } from '../slack/workspace.js';
import { buildClock, buildTicket } from '../test-tickets.js';
import { alertCard } from './alert.cards.js';
import { AlertFacts } from './alert-facts.js';
import { EscalationPosts } from './escalation-posts.js';

const BEA = { id: '0190c1a2-0000-7000-8000-0000000000bb', name: 'Bea', email: 'bea@acme.test' };
const clock = buildClock({ target: 'next_response', cycle: 3, dueAt: '2026-11-21T10:00:00.000Z' });
const log = { info: () => {}, warn: () => {} } as never;

let ticket = buildTicket();
let posted: { key: string; channel: string; text: string }[] = [];
let knowsBea = true;
let lookUpFails = false;
beforeEach(() => {
  ticket = buildTicket({ sla: [clock], assigneeId: BEA.id, assignee: BEA });
  posted = [];
  knowsBea = true;
  lookUpFails = false;
});

const desk = {
  ask: async ({ subject }: { subject: string }) => {
    if (subject === 'desk.core.tickets.get') return ticket;
    if (subject === 'desk.core.sla.get-tracking') return { policy: { name: 'VIP customers' } };
    if (subject === 'desk.core.agents.list') return { items: [BEA] };
    throw new DeskError('NOT_FOUND', 'there is no such thing');
  },
} as never;
const people = {
  withEmail: async (email: string) => {
    if (lookUpFails) throw new SlackProblem('users.lookupByEmail', 'ratelimited', true);
    return knowsBea && email === BEA.email ? 'U0BEA' : null;
  },
} as never;
const web = { call: async () => ({ channel: { id: 'D0BEA' } }) } as never;
const workspace = {
  channelNamed: async (name: string) => {
    if (name === 'managers') return 'C0MANAGERS';
    throw new NoSuchChannel(name);
  },
  alertsChannel: async () => 'C0ALERTS',
} as never;
const once = {
  post: async ({ key, channel, draw }: { key: string; channel: string; draw: () => object }) => {
    if (!posted.some((one) => one.key === key)) posted.push({ key, channel, text: JSON.stringify(draw()) });
  },
} as never;
const link = { to: async () => 'https://acme.slack.com/archives/C0/p1' } as never;
const facts = () => new AlertFacts(desk, people, log);
const posts = () => new EscalationPosts(desk, people, web, workspace, once, link, facts(), log);
const step = (act: unknown) => ({
  ticketId: ticket.id,
  number: ticket.number,
  version: 2,
  target: 'next_response' as const,
  cycle: 3,
  step: 2,
  at: '2026-11-21T10:00:00.000Z',
  do: act,
});

describe('an escalation that wants somebody to know', () => {
  it('is posted in its channel, once, with policy, target, owner and link', async () => {
    const event = step({ alert: { channel: 'managers' } });
    await Promise.all([posts().tell(event), posts().tell(event)]);
    expect(posted).toMatchObject([{ key: `escalation:${ticket.id}:next_response:3:step2`, channel: 'C0MANAGERS' }]);
    for (const words of [
      'step 2',
      'Next response (3)',
      'VIP customers',
      '<@U0BEA>',
      'acme.slack.com/archives',
      'overdue by',
    ]) {
      expect(posted[0]!.text).toContain(words);
    }
  });

  it('goes to a person', async () => {
    await posts().tell(step({ alert: { agentId: BEA.id } }));
    expect(posted).toMatchObject([{ channel: 'D0BEA' }]);
  });

  it('goes to the alerts’ channel when its own is not there, or the person is not, and says so', async () => {
    await posts().tell(step({ alert: { channel: 'gone' } }));
    knowsBea = false;
    await posts().tell({ ...step({ alert: { agentId: BEA.id } }), step: 3 });
    expect(posted.map(({ channel }) => channel)).toEqual(['C0ALERTS', 'C0ALERTS']);
    expect(posted[0]!.text).toContain('#gone, which I cannot find');
    expect(posted[1]!.text).toContain('wants Bea to know');
  });

  it('is nothing to post when it changes the ticket, or the ticket is gone or became part of another', async () => {
    await posts().tell(step({ raisePriority: 'high' }));
    await posts().tell(step({ assignTeam: BEA.id }));
    ticket = { ...ticket, duplicateOf: BEA.id };
    await posts().tell(step({ alert: { channel: 'managers' } }));
    ticket = { ...ticket, duplicateOf: null, deletedAt: '2026-11-21T10:00:00.000Z' };
    await posts().tell(step({ alert: { channel: 'managers' } }));
    expect(posted).toEqual([]);
  });
});

describe('an alert', () => {
  const draw = async () => {
    const known = await facts().of(ticket.id);
    const of = {
      level: 'breached' as const,
      target: 'next_response' as const,
      cycle: 3,
      dueAt: clock.dueAt,
      cardUrl: null,
    };
    return known && JSON.stringify(alertCard({ ...of, ...known }, Date.parse('2026-11-21T11:30:00.000Z')));
  };

  it('names policy, target and round, how late, and mentions who has it', async () => {
    const text = await draw();
    for (const words of ['Next response (3)', 'VIP customers', '1 h 30 min', '<@U0BEA>']) expect(text).toContain(words);
  });

  it('names the owner in words when Slack cannot say who that is', async () => {
    lookUpFails = true;
    expect(await draw()).toContain('Bea');
    ticket = { ...ticket, assignee: null, assigneeId: null };
    expect(await draw()).toContain('nobody yet');
  });

  it('is none for a ticket that was deleted or merged', async () => {
    ticket = { ...ticket, deletedAt: '2026-11-21T10:00:00.000Z' };
    expect(await draw()).toBeNull();
    ticket = { ...ticket, deletedAt: null, duplicateOf: BEA.id };
    expect(await draw()).toBeNull();
  });
});
