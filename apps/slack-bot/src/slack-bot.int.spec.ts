import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { pino } from 'pino';
import { TestNats } from '../../../test/support/nats.js';
import { checkMessage } from '#slack/check-message.js';
import { connectNats } from '#shared/messaging/connect-nats.js';
import { PostCardOnTicketOpened } from './cards/post-card-on-ticket-opened.js';
import { CardPosts } from './cards/card-posts.js';
import { readSlackConfig } from './config.js';
import { TellAgentOnAgentNotified } from './notifications/tell-agent-on-agent-notified.js';
import { SlackBotModule } from './slack-bot.module.js';
import { buildTicket } from './test-tickets.js';

const ORG = '0190c1a2-0000-7000-8000-0000000000aa';
const BEA = { id: '0190c1a2-0000-7000-8000-0000000000bb', name: 'Bea', email: 'bea@acme.test', role: 'agent' };
const SECRET = 'test-signing-secret';

type Json = Record<string, unknown>;
interface Call {
  method: string;
  args: Json;
}

/** A Slack Web API of a few lines, so that what the bot sends is seen as it is sent. */
class FakeSlack {
  readonly calls: Call[] = [];
  readonly posted: { ts: string; args: Json }[] = [];
  /** Methods that fail once, with Slack's error or by hanging up after the deed. */
  readonly failing = new Map<string, string>();
  private server!: Server;
  url = '';
  responses: Json[] = [];
  private clock = 1_795_285_800;

  async start(): Promise<void> {
    this.server = createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (request.url === '/response') {
          this.responses.push(JSON.parse(body) as Json);
          reply.end('ok');
          return;
        }
        const method = request.url!.split('/').at(-1)!;
        const args: Json = Object.fromEntries(
          [...new URLSearchParams(body)].map(([key, value]) => [
            key,
            /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value,
          ]),
        );
        const failure = this.failing.get(method);
        this.failing.delete(method);
        if (failure === '429') {
          reply.writeHead(429, { 'retry-after': '1' }).end('{"ok":false,"error":"ratelimited"}');
          return;
        }
        const answer =
          failure !== undefined && failure !== 'hang-up' ? { ok: false, error: failure } : this.answer(method, args);
        if (failure === 'hang-up') request.socket.destroy();
        else reply.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, args: Json): Json {
    this.calls.push({ method, args });
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: 'T1', user_id: 'UBOT', bot_id: 'BBOT' };
      case 'conversations.list':
        return {
          ok: true,
          channels: [
            { id: 'C0TRIAGE1', name: 'support-triage', is_member: true },
            { id: 'C0ALERTS1', name: 'sla-alerts', is_member: true },
          ],
        };
      case 'users.info':
        return {
          ok: true,
          user: { id: args['user'], profile: { email: args['user'] === 'UBEA00' ? BEA.email : 'guest@x.example' } },
        };
      case 'chat.postMessage': {
        const ts = `${(this.clock += 1)}.000100`;
        this.posted.push({ ts, args });
        return { ok: true, ts, channel: args['channel'] };
      }
      case 'conversations.history':
        return { ok: true, messages: this.posted.map(({ ts, args: { metadata } }) => ({ ts, metadata })) };
      case 'users.lookupByEmail':
        return args['email'] === BEA.email
          ? { ok: true, user: { id: 'UBEA00' } }
          : { ok: false, error: 'users_not_found' };
      case 'conversations.open':
        return { ok: true, channel: { id: 'D0BEA0001' } };
      case 'chat.update':
      case 'chat.postEphemeral':
      case 'views.publish':
        return { ok: true };
      case 'views.open':
        return { ok: true, view: { id: 'V1' } };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  made(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }
}

/** A core that answers the contracts' subjects with Nest's packets, and remembers what it was asked. */
class FakeCore {
  readonly asked: { subject: string; data: Json }[] = [];
  readonly posts = new Map<
    string,
    { key: string; ticketId: string | null; state: string; ref: string | null; claimedAt: string; leased: boolean }
  >();
  private subscription!: Subscription;
  ticket = buildTicket();
  readonly notifications = new Map<string, Json>();
  away = false;
  /** The desk's own fields. */
  fields: { key: string; label: string; type: string; options: string[]; required: boolean }[] = [];

  start(nats: NatsConnection): void {
    this.subscription = nats.subscribe('desk.core.>', {
      callback: (_, message) => {
        const subject = message.subject.slice('desk.core.'.length);
        const { data } = message.json<{ data: Json }>();
        this.asked.push({ subject, data });
        const err = { err: { code: 'UNAVAILABLE', message: 'away' } };
        const missing = { err: { code: 'NOT_FOUND', message: 'There is no ticket #999' } };
        const needed = this.fields.find(({ key }) => (data['customFields'] as Json | undefined)?.[key] === '13');
        const problems = [{ pointer: `/customFields/${needed?.key}`, message: 'must be a floor that there is' }];
        const wrong = { err: { code: 'BAD_REQUEST', message: 'customFields', problems } };
        const response = this.away
          ? err
          : data['ticket'] === '999'
            ? missing
            : needed
              ? wrong
              : { response: this.reply(subject, data) };
        message.respond(JSON.stringify({ ...response, isDisposed: true }));
      },
    });
  }

  stop(): void {
    this.subscription.unsubscribe();
  }

  of(subject: string): Json[] {
    return this.asked.filter((one) => one.subject === subject).map(({ data }) => data);
  }

  private reply(subject: string, data: Json): unknown {
    const { ticket } = this;
    switch (subject) {
      case 'organisations.find':
        return { id: ORG, slug: 'acme', name: 'Acme', supportAddress: null };
      case 'agents.find':
        return data['email'] === BEA.email ? BEA : null;
      case 'custom-fields.list':
        return { items: this.fields, nextCursor: null };
      case 'tickets.open':
      case 'tickets.get':
        return ticket;
      case 'notifications.get':
        return this.notifications.get(String(data['id'])) ?? null;
      case 'tickets.update':
        this.ticket = { ...ticket, version: ticket.version + 1, assigneeId: BEA.id, assignee: BEA };
        return this.ticket;
      case 'messages.post':
        return { id: randomUUID(), ticketId: ticket.id, content: data['content'] };
      case 'messages.recipients':
        return { to: ['casey@customer.example'], cc: [] };
      case 'posts.claim': {
        const key = String(data['key']);
        const known = this.posts.get(key);
        if (known?.state === 'posted') return { outcome: 'posted', post: known };
        if (known?.leased) return { outcome: 'busy', post: known };
        const post = {
          key,
          ticketId: data['ticketId'] as string,
          state: 'claimed',
          ref: null,
          claimedAt: new Date().toISOString(),
          leased: true,
        };
        this.posts.set(key, known ? { ...known, leased: true } : post);
        return { outcome: known ? 'reclaimed' : 'yours', post };
      }
      case 'posts.settle': {
        const settled = { ...this.posts.get(String(data['key']))!, state: 'posted', ref: String(data['ref']) };
        this.posts.set(settled.key, settled);
        return settled;
      }
      case 'posts.release':
        this.posts.get(String(data['key']))!.leased = false;
        return {};
      case 'posts.find':
        return [...this.posts.values()].find(({ key, ref }) => key === data['key'] || ref === data['ref']) ?? null;
      default:
        throw new Error(`the fake core knows no ${subject}`);
    }
  }
}

let slack: FakeSlack;
let core: FakeCore;
let bus: TestNats;
let nats: NatsConnection;
let app: NestFastifyApplication;

beforeAll(async () => {
  slack = new FakeSlack();
  await slack.start();
  const log = pino({ level: 'silent' });
  bus = await TestNats.start();
  nats = await connectNats(bus.url, 'slack-bot-test', log);
  core = new FakeCore();
  core.start(nats);
  const config = readSlackConfig({
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: `${slack.url}/api`,
  });
  app = await NestFactory.create<NestFastifyApplication>(
    SlackBotModule.with(config, { nats, log }),
    new FastifyAdapter(),
    {
      rawBody: true,
      logger: false,
    },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await until(async () => (await app.inject({ method: 'GET', url: '/health/ready' })).statusCode === 200);
});

afterAll(async () => {
  await app.close();
  core.stop();
  await nats.close();
  await bus.stop();
  await slack.stop();
});

beforeEach(() => {
  slack.calls.length = 0;
  slack.responses.length = 0;
  core.asked.length = 0;
  core.away = false;
  core.fields = [];
});

describe('the bot on Slack’s protocol', () => {
  it('answers url_verification, and refuses what is not signed or comes again', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect((await send(body, 'application/json')).json()).toEqual({ challenge: 'abc' });
    expect((await send(body, 'application/json', { 'x-slack-signature': 'v0=00' })).statusCode).toBe(401);
    const form = `command=%2Fticket&text=help&user_id=UBEA00&trigger_id=replayed&response_url=${encodeURIComponent(`${slack.url}/response`)}`;
    const once = signed(form);
    expect((await send(form, undefined, once)).statusCode).toBe(200);
    expect((await send(form, undefined, once)).statusCode).toBe(401);
    await told(/What you can do/);
  });

  it('names what is wrong with a signed body that is not as Slack says it would be', async () => {
    const submission = await interaction({
      type: 'view_submission',
      user: { id: 'UBEA00' },
      view: { id: 'V1', callback_id: 'verb' },
    });
    expect([submission.statusCode, submission.body]).toEqual([400, expect.stringContaining('view.state')]);
    const message = await event('Ev-odd', { type: 'message', channel: 'C0TRIAGE1', user: 'UBEA00', text: 'x' });
    expect([message.statusCode, message.body]).toEqual([400, expect.stringContaining('ts: ')]);
  });

  it('acknowledges a command with 200 and an empty body, then answers at the response_url', async () => {
    const answer = await command('take 42');
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(await told(/yours now/)).toMatchObject({ response_type: 'ephemeral' });
    expect(core.of('tickets.update')[0]).toMatchObject({ assigneeId: BEA.id, version: 1 });
  });

  it('tells a mistake to who made it', async () => {
    await command('view 999');
    await told(/There is no ticket #999\./);
  });

  it('tells when the desk is away, with what was typed', async () => {
    core.away = true;
    await command('note 42 do not lose &lt;this&gt;');
    await told(/cannot be reached[\s\S]*do not lose &lt;this&gt;/);
  });

  it('opens the reply modal with the recipients', async () => {
    await command('reply 42');
    await until(() => slack.made('views.open').length === 1);
    expect(JSON.stringify(slack.made('views.open')[0]!.args['view'])).toContain('*To* casey@customer.example');
  });

  it('puts a modal’s mistake at its field', async () => {
    const answer = await interaction({
      type: 'view_submission',
      user: { id: 'UBEA00' },
      view: {
        id: 'V1',
        callback_id: 'verb',
        private_metadata: JSON.stringify({ verb: 'note', ticket: null, origin: {} }),
        state: { values: { ticket: { value: { value: '999' } }, text: { value: { value: 'x' } } } },
      },
    });
    expect(answer.json()).toEqual({ response_action: 'errors', errors: { ticket: 'There is no ticket #999.' } });
  });
});

describe('a new ticket', () => {
  const floor = { key: 'floor', label: 'Which floor?', type: 'text', options: [], required: true };
  const submit = (fields: Json) =>
    interaction({
      type: 'view_submission',
      user: { id: 'UBEA00' },
      view: {
        id: `V${randomUUID()}`,
        callback_id: 'verb',
        private_metadata: JSON.stringify({
          verb: 'new',
          ticket: null,
          origin: { responseUrl: `${slack.url}/response` },
        }),
        state: { values: { subject: { value: { type: 'plain_text_input', value: 'Hot' } }, ...fields } },
      },
    });

  it('is opened at once when the desk asks for nothing else', async () => {
    core.fields = [{ ...floor, required: false }];
    await command('new Printer on fire');
    await told(/Opened #42/);
    expect(slack.made('views.open')).toHaveLength(0);
    expect(core.of('tickets.open')).toMatchObject([{ subject: 'Printer on fire' }]);
  });

  it('is asked about first when the desk must know more, with what was typed filled in', async () => {
    core.fields = [floor, { ...floor, key: 'note', required: false }];
    await command('new Printer on fire');
    await until(() => slack.made('views.open').length === 1);
    const { blocks } = slack.made('views.open')[0]!.args['view'] as { blocks: Json[] };
    expect(blocks.map((block) => block['block_id'])).toEqual([
      'subject',
      'text',
      'priority',
      'category',
      'email',
      'field:floor',
    ]);
    expect(blocks[0]).toMatchObject({ element: { initial_value: 'Printer on fire' } });
    expect(core.of('tickets.open')).toEqual([]);
    const answer = await submit({ 'field:floor': { value: { type: 'plain_text_input', value: '3' } } });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(core.of('tickets.open')).toMatchObject([{ subject: 'Hot', customFields: { floor: '3' } }]);
  });

  it('has what the desk does not take of its own fields said at them', async () => {
    core.fields = [floor];
    const answer = await submit({ 'field:floor': { value: { type: 'plain_text_input', value: '13' } } });
    expect(answer.json()).toEqual({
      response_action: 'errors',
      errors: { 'field:floor': 'Must be a floor that there is' },
    });
  });

  it('is opened by who is no agent without being asked what the desk must know', async () => {
    core.fields = [floor];
    await command('new Printer on fire', 'UGUEST0');
    await told(/Your ticket is #42/);
  });
});

describe('the card', () => {
  const opened = (ticketId: string) => ({
    id: randomUUID(),
    name: 'ticket.opened',
    version: 1,
    orgId: ORG,
    at: new Date().toISOString(),
    payload: {
      ticketId,
      number: 42,
      version: 1,
      status: 'open' as const,
      priority: 'medium' as const,
      source: 'email',
      actor: { kind: 'contact' as const, id: null, name: 'Casey' },
    },
  });
  const handler = () => app.get(PostCardOnTicketOpened);
  const cardsOf = (ticketId: string) =>
    slack.posted.filter(({ args }) => JSON.stringify(args['metadata']).includes(`card:${ticketId}`));

  it('is posted once, however often the event comes', async () => {
    const id = randomUUID();
    core.ticket = buildTicket({ id });
    await Promise.all([handler().handle(opened(id)), handler().handle(opened(id))]);
    await handler().handle(opened(id));
    expect(cardsOf(id)).toHaveLength(1);
    const { text, blocks } = cardsOf(id)[0]!.args;
    expect(checkMessage({ text, blocks })).toEqual([]);
  });

  it('is found again when its answer got lost after it was posted', async () => {
    const id = randomUUID();
    core.ticket = buildTicket({ id });
    slack.failing.set('chat.postMessage', 'hang-up');
    await expect(handler().handle(opened(id))).rejects.toThrow(/unreachable/);
    expect(cardsOf(id)).toHaveLength(1);
    // The claim is kept: it must not be posted again before somebody has looked.
    await expect(handler().handle(opened(id))).rejects.toThrow(/being posted/);
    core.posts.get(`card:${id}`)!.leased = false; // its lease ends
    await handler().handle(opened(id));
    expect(cardsOf(id)).toHaveLength(1);
    expect(core.posts.get(`card:${id}`)).toMatchObject({ state: 'posted', ref: `C0TRIAGE1:${cardsOf(id)[0]!.ts}` });
  });

  it('waits as long as Slack says', async () => {
    const id = randomUUID();
    core.ticket = buildTicket({ id });
    slack.failing.set('chat.postMessage', '429');
    const began = Date.now();
    await handler().handle(opened(id));
    expect(Date.now() - began).toBeGreaterThan(950);
    expect(cardsOf(id)).toHaveLength(1);
  });

  it('leaves other organisations’ tickets alone', async () => {
    const id = randomUUID();
    await handler().handle({ ...opened(id), orgId: randomUUID() });
    expect(cardsOf(id)).toHaveLength(0);
  });

  it('takes what is written under it for an internal note, once, and nothing of its own', async () => {
    const id = randomUUID();
    core.ticket = buildTicket({ id });
    await handler().handle(opened(id));
    const threadTs = cardsOf(id)[0]!.ts;
    const written = {
      type: 'message',
      channel: 'C0TRIAGE1',
      user: 'UBEA00',
      text: 'Third *time* &amp; more, <@UBEA00> and <@UGUEST>',
      ts: '1795299999.000100',
      thread_ts: threadTs,
    };

    core.away = true;
    expect((await event('Ev1', written)).statusCode).toBe(500);
    core.away = false;
    expect((await event('Ev1', written, 1)).statusCode).toBe(200);
    expect((await event('Ev1', written, 2)).statusCode).toBe(200);
    const notes = core.of('messages.post');
    expect(notes).toEqual([
      {
        ticket: id,
        content: 'Third **time** & more, @[Bea] and @UGUEST',
        isInternalNote: true,
        externalRef: 'slack:C0TRIAGE1:1795299999.000100',
      },
    ]);

    await event('Ev2', { ...written, user: 'UBOT', bot_id: 'BBOT', ts: '1795299999.000200' });
    await event('Ev3', { ...written, user: 'UGUEST', ts: '1795299999.000300' });
    expect(core.of('messages.post')).toHaveLength(1);
    expect(slack.made('chat.postEphemeral').at(-1)!.args['text']).toContain('only agents write on tickets');
  });
});

/** Waits until somebody was told something like this at the response_url. */
async function told(words: RegExp): Promise<Json> {
  const find = () => slack.responses.find(({ text }) => words.test(String(text)));
  await until(() => find() !== undefined);
  return find()!;
}

function signed(body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
}

async function send(
  body: string,
  contentType = 'application/x-www-form-urlencoded',
  headers: Record<string, string> = {},
) {
  return app.inject({
    method: 'POST',
    url: '/slack/events',
    headers: { 'content-type': contentType, ...signed(body), ...headers },
    payload: body,
  });
}

const command = async (text: string, user = 'UBEA00') =>
  send(
    new URLSearchParams({
      command: '/ticket',
      text,
      user_id: user,
      team_id: 'T1',
      channel_id: 'C0TRIAGE1',
      trigger_id: randomUUID(),
      response_url: `${slack.url}/response`,
    }).toString(),
  );

const interaction = async (payload: Json) => send(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());

const event = async (id: string, content: Json, retryNum = 0) =>
  send(
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      event_id: id,
      event: content,
      authorizations: [{ team_id: 'T1', is_enterprise_install: false }],
    }),
    'application/json',
    retryNum === 0 ? {} : { 'x-slack-retry-num': String(retryNum) },
  );

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 4_000; Date.now() < end; await sleep(20)) if (await holds()) return;
  throw new Error('it did not come within 4 s');
}

describe('an agent who is told something', () => {
  const notified = (email: string): string => {
    const { id, number, subject, status, priority } = core.ticket;
    const notification = {
      id: randomUUID(),
      kind: 'mentioned',
      ticketId: id,
      ticket: { id, number, subject, status, priority },
      message: { id: randomUUID(), isInternalNote: true, excerpt: '@bea can you look?' },
      actor: { name: 'Alice' },
      createdAt: new Date().toISOString(),
      readAt: null,
    };
    core.notifications.set(notification.id, { notification, agent: { ...BEA, email } });
    return notification.id;
  };
  const tell = (notificationId: string, orgId = ORG) =>
    app.get(TellAgentOnAgentNotified).handle({
      id: randomUUID(),
      name: 'agent.notified',
      version: 1,
      orgId,
      at: new Date().toISOString(),
      payload: {
        notificationId,
        agentId: BEA.id,
        ticketId: core.ticket.id,
        number: core.ticket.number,
        kind: 'mentioned',
        messageId: null,
        actor: { kind: 'agent', id: null, name: 'Alice' },
      },
    } as never);

  it('gets one direct message, however often the event comes', async () => {
    const id = notified(BEA.email);
    await tell(id);
    await tell(id);
    const sent = slack.made('chat.postMessage');
    expect(sent).toHaveLength(1);
    expect(sent[0]!.args).toMatchObject({
      channel: 'D0BEA0001',
      text: expect.stringContaining('mentioned you') as unknown,
    });
    const { text, blocks } = sent[0]!.args as never;
    expect(checkMessage({ text, blocks })).toEqual([]);
    expect(slack.made('conversations.open').at(-1)!.args).toMatchObject({ users: 'UBEA00' });
  });

  it('is searched for before it is posted again, when the answer got lost', async () => {
    const id = notified(BEA.email);
    slack.failing.set('chat.postMessage', 'hang-up');
    await expect(tell(id)).rejects.toThrow();
    core.posts.get(`notification:${id}`)!.leased = false;
    const before = slack.posted.length;
    await tell(id);
    expect(slack.posted).toHaveLength(before);
  });

  it('is left alone when Slack does not know them, it was read meanwhile, or it is another organisation’s', async () => {
    await tell(notified('stranger@acme.test'));
    await tell(randomUUID());
    await tell(notified(BEA.email), randomUUID());
    slack.failing.set('conversations.open', 'user_disabled');
    await tell(notified(BEA.email));
    expect(slack.made('chat.postMessage')).toEqual([]);
  });

  it('is told later when Slack is away', async () => {
    slack.failing.set('conversations.open', 'internal_error');
    await expect(tell(notified(BEA.email))).rejects.toThrow('internal_error');
  });
});

describe('the card of a deleted ticket', () => {
  it('says so, and shows the ticket again when it is restored', async () => {
    const before = core.ticket;
    core.ticket = buildTicket({ id: randomUUID(), number: 77, subject: 'Gone ~soon~' });
    const cards = app.get(CardPosts);
    await cards.ensure(core.ticket.id);
    core.ticket = { ...core.ticket, deletedAt: new Date().toISOString(), version: 2 };
    await cards.refresh(core.ticket.id);
    const updates = () => slack.made('chat.update').map(({ args }) => JSON.stringify(args));
    expect(updates().at(-1)).toContain('was deleted');
    expect(updates().at(-1)).not.toContain('ticket:reply');
    core.ticket = { ...core.ticket, deletedAt: null, version: 3 };
    await cards.refresh(core.ticket.id);
    expect(updates().at(-1)).toContain('ticket:reply');
    core.ticket = buildTicket({ id: randomUUID(), deletedAt: new Date().toISOString() });
    expect(await cards.ensure(core.ticket.id)).toBeNull();
    core.ticket = before;
  });
});
