import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { readConfig } from './config.js';
import { startPlayground, type RunningPlayground } from './start-playground.js';

type Json = Record<string, unknown>;
interface Heard {
  form: URLSearchParams;
  payload: Json;
  headers: IncomingHttpHeaders;
}

const SECRET = 'a-secret-of-the-test';
const TOKEN = 'xoxb-test';
const silent = pino({ level: 'silent' });
const plain = (text: string): Json => ({ type: 'plain_text', text });

let bot: Server;
let heard: Heard[];
/** How the fake bot answers; undefined hangs until the sender gives up. */
let answer: (heard: Heard) => { status: number; body?: string } | undefined;
let running: RunningPlayground;

beforeEach(async () => {
  heard = [];
  answer = () => ({ status: 200 });
  bot = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { 'x-slack-request-timestamp': at, 'x-slack-signature': signature } = request.headers;
      const expected = `v0=${createHmac('sha256', SECRET)
        .update(`v0:${String(at)}:${body}`)
        .digest('hex')}`;
      const fresh = Math.abs(Date.now() / 1_000 - Number(at)) < 300;
      if (signature !== expected || !fresh) {
        response.writeHead(401).end();
        return;
      }
      const form = new URLSearchParams(body);
      const json = request.headers['content-type'] === 'application/json' ? body : (form.get('payload') ?? '{}');
      const one = { form, payload: JSON.parse(json) as Json, headers: request.headers };
      heard.push(one);
      const said = answer(one);
      if (said) response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body ?? '');
    });
  });
  await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve));
  const { port } = bot.address() as AddressInfo;
  const config = readConfig({
    PLAYGROUND_PORT: '0',
    PLAYGROUND_SMTP_PORT: '0',
    SLACK_EVENTS_URL: `http://127.0.0.1:${port}/slack/events`,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_BOT_TOKEN: TOKEN,
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  running = await startPlayground(config, silent, { answerWithinMs: 150, retryDelaysMs: [0, 10] });
});

afterEach(async () => {
  await running.close();
  bot.closeAllConnections();
  await new Promise((resolve) => bot.close(resolve));
});

async function slack(method: string, args: Json, token = TOKEN): Promise<Json> {
  const form = Object.entries(args).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${running.url}/slack/api/${method}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  return (await response.json()) as Json;
}

async function act(path: string, body: Json = {}): Promise<Json> {
  const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return (await (await fetch(`${running.url}/playground/api/${path}`, init)).json()) as Json;
}

async function look<T = Json[]>(path: string): Promise<T> {
  return (await (await fetch(`${running.url}/playground/api/${path}`)).json()) as T;
}

async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come.');
}

const interaction = (type: string): Heard | undefined => heard.find(({ payload }) => payload['type'] === type);
const events = (type: string): Json[] =>
  heard.flatMap(({ payload }) =>
    payload['type'] === 'event_callback' && (payload['event'] as Json)['type'] === type ? [payload] : [],
  );

describe('the Web API', () => {
  it.each<[string, Json, string, string]>([
    ['foo.bar', {}, TOKEN, 'unknown_method'],
    ['auth.test', {}, 'xoxb-wrong', 'invalid_auth'],
    ['chat.postMessage', { channel: 'nowhere', text: 'x' }, TOKEN, 'channel_not_found'],
    ['chat.postMessage', { channel: 'general' }, TOKEN, 'no_text'],
    ['chat.postMessage', { channel: 'general', text: 'x'.repeat(40_001) }, TOKEN, 'msg_too_long'],
    ['chat.postMessage', { channel: 'general', blocks: '{' }, TOKEN, 'invalid_blocks_format'],
    ['chat.postMessage', { channel: 'general', text: 'x', thread_ts: '1.000001' }, TOKEN, 'thread_not_found'],
    ['chat.update', { channel: 'C0GENERAL3', ts: '1.000001', text: 'x' }, TOKEN, 'message_not_found'],
    ['conversations.history', { channel: 'general' }, TOKEN, 'channel_not_found'],
    ['users.lookupByEmail', { email: 'nobody@acme.test' }, TOKEN, 'users_not_found'],
    [
      'views.open',
      { trigger_id: '1.2.x', view: { type: 'modal', title: plain('t'), blocks: [] } },
      TOKEN,
      'invalid_trigger_id',
    ],
    ['views.update', { view_id: 'V0', view: { type: 'modal', title: plain('t'), blocks: [] } }, TOKEN, 'not_found'],
  ])('%s %j answers %s %s', async (method, args, token, error) => {
    expect(await slack(method, args, token)).toMatchObject({ ok: false, error });
  });

  it('says where blocks are wrong, as Slack does', async () => {
    const blocks = [{ type: 'header', text: plain('x'.repeat(151)) }];
    const refused = await slack('chat.postMessage', { channel: 'general', text: 'x', blocks });
    expect(refused).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] 151 of 150 characters [json-pointer:/blocks/0/text/text]'] },
    });
  });

  it('threads, edits, keeps metadata, and pages', async () => {
    const metadata = { event_type: 'ticket', event_payload: { id: '7' } };
    const { ts } = await slack('chat.postMessage', { channel: 'general', text: 'card', metadata });
    for (const text of ['one', 'two']) await slack('chat.postMessage', { channel: 'general', thread_ts: ts, text });
    await slack('chat.update', { channel: 'C0GENERAL3', ts, text: 'card 2' });
    const history = await slack('conversations.history', { channel: 'C0GENERAL3', include_all_metadata: true });
    expect(history['messages']).toMatchObject([{ text: 'card 2', reply_count: 2, metadata, edited: {} }]);
    const first = await slack('conversations.replies', { channel: 'C0GENERAL3', ts, limit: 2 });
    expect(first).toMatchObject({ has_more: true, messages: [{ text: 'card 2' }, { text: 'one' }] });
    const { next_cursor: cursor } = first['response_metadata'] as Json;
    const rest = await slack('conversations.replies', { channel: 'C0GENERAL3', ts, limit: 2, cursor });
    expect(rest).toMatchObject({ has_more: false, messages: [{ text: 'two' }] });
    const reaction = { channel: 'C0GENERAL3', timestamp: ts, name: 'eyes' };
    expect(await slack('reactions.add', reaction)).toEqual({ ok: true });
    expect(await slack('reactions.add', reaction)).toMatchObject({ error: 'already_reacted' });
  });

  it('lets nobody edit what a person wrote, or write where it is no member', async () => {
    const { ts } = await act('people/bea/messages', { channel: 'general', text: 'mine' });
    expect(await slack('chat.update', { channel: 'C0GENERAL3', ts, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    await slack('conversations.leave', { channel: 'C0GENERAL3' });
    expect(await slack('chat.postMessage', { channel: 'general', text: 'x' })).toMatchObject({
      error: 'not_in_channel',
    });
  });

  it('answers 429 with Retry-After when a channel gets too much', async () => {
    const post = () =>
      fetch(`${running.url}/slack/api/chat.postMessage`, {
        method: 'POST',
        body: new URLSearchParams({ token: TOKEN, channel: 'general', text: 'x' }),
      });
    const answers = await Promise.all(Array.from({ length: 64 }, post));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });
});

describe('commands', () => {
  it('arrive as a signed form, and response_url works five times', async () => {
    expect(await act('people/alice/command', { text: '/ticket assign 42 @bea', channel: 'general' })).toEqual({
      ok: true,
    });
    const { form, headers } = heard[0] as Heard;
    expect(Object.fromEntries(form)).toMatchObject({
      command: '/ticket',
      text: 'assign 42 <@U0BEA00002|bea>',
      user_id: 'U0ALICE001',
      channel_name: 'general',
      team_id: 'T0ACMEDESK',
    });
    expect(headers['user-agent']).toContain('Slackbot 1.0');
    const url = form.get('response_url') ?? '';
    const respond = (text: string) =>
      fetch(url, { method: 'POST', body: JSON.stringify({ text }), headers: { 'content-type': 'application/json' } });
    const statuses: number[] = [];
    for (const text of ['1', '2', '3', '4', '5', '6']) statuses.push((await respond(text)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await look('people/alice/ephemerals')).toHaveLength(5);
    expect(await look('people/bea/ephemerals')).toHaveLength(0);
  });

  it.each<[string, () => { status: number; body?: string } | undefined, string]>([
    ['hangs', () => undefined, 'operation_timeout'],
    ['fails', () => ({ status: 500 }), 'dispatch_failed'],
  ])('tell the person when the bot %s', async (_, said, error) => {
    answer = said;
    expect(await act('people/alice/command', { text: '/ticket list' })).toMatchObject({ ok: false, error });
    expect(await look('people/alice/ephemerals')).toMatchObject([
      { text: `\`/ticket\` failed with the error "${error}"` },
    ]);
  });

  it('show what the answer itself carries', async () => {
    answer = () => ({ status: 200, body: JSON.stringify({ response_type: 'in_channel', text: 'for all' }) });
    await act('people/alice/command', { text: '/ticket list', channel: 'general' });
    expect(await look('channels/general/messages')).toMatchObject([{ text: 'for all', bot_id: 'B0DESKWIRE' }]);
  });
});

describe('modals', () => {
  const view = (over: Json = {}): Json => ({
    type: 'modal',
    callback_id: 'new',
    title: plain('New'),
    submit: plain('Create'),
    notify_on_close: true,
    blocks: [
      {
        type: 'input',
        block_id: 'subject',
        label: plain('Subject'),
        element: { type: 'plain_text_input', action_id: 'v' },
      },
    ],
    ...over,
  });
  const trigger = async (): Promise<string> => {
    heard = [];
    await act('people/alice/command', { text: '/ticket new' });
    return heard[0]?.form.get('trigger_id') ?? '';
  };

  it('open once by a trigger, are refused with reasons, and give back what was typed', async () => {
    const trigger_id = await trigger();
    expect(await slack('views.open', { trigger_id, view: view({ submit: undefined }) })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringContaining('json-pointer:/view/submit')] },
    });
    expect(await slack('views.open', { trigger_id, view: view() })).toMatchObject({
      ok: true,
      view: { callback_id: 'new' },
    });
    expect(await slack('views.open', { trigger_id, view: view() })).toMatchObject({ error: 'exchanged_trigger_id' });

    heard = [];
    expect(await act('people/alice/view/submit')).toMatchObject({
      error: 'required_fields',
      errors: { subject: 'Please complete this required field.' },
    });
    expect(heard).toHaveLength(0);

    answer = () => ({
      status: 200,
      body: JSON.stringify({ response_action: 'errors', errors: { subject: 'Too short.' } }),
    });
    expect(await act('people/alice/view/submit', { values: { subject: 'a' } })).toMatchObject({
      errors: { subject: 'Too short.' },
    });
    expect(await look<Json>('people/alice/view')).toMatchObject({ view: { errors: { subject: 'Too short.' } } });

    answer = () => ({ status: 200 });
    expect(await act('people/alice/view/submit', { values: { subject: 'Printer' } })).toEqual({ ok: true });
    const { payload } = heard.at(-1) as Heard;
    expect(payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ALICE001' },
      view: { state: { values: { subject: { v: { type: 'plain_text_input', value: 'Printer' } } } } },
    });
    expect(await look<Json>('people/alice/view')).toEqual({ view: null, depth: 0 });
  });

  it('push to three and no further, update by hash, and tell of their closing', async () => {
    const { view: opened } = (await slack('views.open', { trigger_id: await trigger(), view: view() })) as {
      view: Json;
    };
    expect(await slack('views.push', { trigger_id: await trigger(), view: view() })).toMatchObject({
      ok: true,
      view: { previous_view_id: opened['id'], root_view_id: opened['id'] },
    });
    await slack('views.push', { trigger_id: await trigger(), view: view() });
    expect(await slack('views.push', { trigger_id: await trigger(), view: view() })).toMatchObject({
      error: 'push_limit_reached',
    });
    expect(await slack('views.update', { view_id: opened['id'], hash: 'old', view: view() })).toMatchObject({
      error: 'hash_conflict',
    });
    expect(await slack('views.update', { view_id: opened['id'], hash: opened['hash'], view: view() })).toMatchObject({
      ok: true,
    });
    heard = [];
    await act('people/alice/view/close', { all: true });
    expect(heard.map(({ payload }) => [payload['type'], payload['is_cleared']])).toEqual(
      Array.from({ length: 3 }, () => ['view_closed', true]),
    );
  });

  it('stay open with words when the bot does not answer', async () => {
    await slack('views.open', { trigger_id: await trigger(), view: view() });
    answer = () => ({ status: 500 });
    expect(await act('people/alice/view/submit', { values: { subject: 'x' } })).toMatchObject({
      ok: false,
      error: 'dispatch_failed',
    });
    expect(await look<Json>('people/alice/view')).toMatchObject({
      view: { failure: 'We had some trouble connecting. Try again?' },
    });
  });
});

describe('buttons and shortcuts', () => {
  const blocks = [
    {
      type: 'actions',
      block_id: 'b',
      elements: [
        { type: 'button', action_id: 'take', value: '42', text: plain('Take') },
        { type: 'static_select', action_id: 'prio', options: [{ text: plain('High'), value: 'high' }] },
      ],
    },
  ];

  it('send the message, the choice and a response_url that replaces the message', async () => {
    const { ts } = await slack('chat.postMessage', { channel: 'general', text: 'card', blocks });
    await act('people/bea/press', { channel: 'general', ts, actionId: 'take' });
    const { payload } = interaction('block_actions') as Heard;
    expect(payload).toMatchObject({
      actions: [{ type: 'button', action_id: 'take', block_id: 'b', value: '42' }],
      container: { type: 'message', message_ts: ts, channel_id: 'C0GENERAL3', is_ephemeral: false },
      channel: { id: 'C0GENERAL3', name: 'general' },
      message: { ts, text: 'card' },
      user: { id: 'U0BEA00002' },
    });
    await fetch(String(payload['response_url']), {
      method: 'POST',
      body: JSON.stringify({ replace_original: true, text: 'taken' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await look('channels/general/messages')).toMatchObject([{ ts, text: 'taken' }]);
  });

  it('take an option by value or label, and refuse others in words', async () => {
    const { ts } = await slack('chat.postMessage', { channel: 'general', text: 'card', blocks });
    await act('people/bea/press', { channel: 'general', ts, actionId: 'prio', value: 'High' });
    expect(interaction('block_actions')?.payload).toMatchObject({
      actions: [{ selected_option: { value: 'high' } }],
      state: { values: { b: { prio: { selected_option: { value: 'high' } } } } },
    });
    expect(await act('people/bea/press', { channel: 'general', ts, actionId: 'prio', value: 'low' })).toEqual({
      error: 'value: "low" is not an option of prio; there are high (High)',
    });
    expect(await act('people/bea/press', { channel: 'general', ts, actionId: 'nope' })).toEqual({
      error: 'actionId: nothing called nope here; there are b/take, b/prio',
    });
  });

  it('of an ephemeral message carry no message, and can delete it', async () => {
    await slack('chat.postEphemeral', { channel: 'C0GENERAL3', user: 'U0BEA00002', text: 'psst', blocks });
    const [message] = await look<[Json]>('people/bea/ephemerals');
    await act('people/bea/press', { channel: 'general', ts: message['ts'], actionId: 'take' });
    const { payload } = interaction('block_actions') as Heard;
    expect(payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(payload).not.toHaveProperty('message');
    await fetch(String(payload['response_url']), {
      method: 'POST',
      body: JSON.stringify({ delete_original: true }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await look('people/bea/ephemerals')).toEqual([]);
  });

  it('shortcuts come as shortcut and message_action', async () => {
    const { ts } = await act('people/max/messages', { channel: 'general', text: 'see this' });
    await act('people/max/shortcut', { callbackId: 'new_ticket' });
    await act('people/max/shortcut', { callbackId: 'ticket_from_message', channel: 'general', ts });
    expect(interaction('shortcut')?.payload).toMatchObject({
      callback_id: 'new_ticket',
      trigger_id: expect.any(String),
    });
    expect(interaction('message_action')?.payload).toMatchObject({
      callback_id: 'ticket_from_message',
      message_ts: ts,
      message: { text: 'see this', user: 'U0MAX00003' },
    });
  });
});

describe('events', () => {
  it('tell of messages, replies, edits, deletions, reactions and the App Home', async () => {
    const { ts } = await act('people/bea/messages', { channel: 'general', text: 'hi <@deskwire> & all' });
    await act('people/max/messages', { channel: 'general', text: 'reply', threadTs: ts });
    await act('people/bea/messages/edit', { channel: 'general', ts, text: 'edited' });
    await act('people/max/messages/react', { channel: 'general', ts, name: 'eyes' });
    await act('people/bea/home/open');
    await act('people/bea/messages/delete', { channel: 'general', ts });
    const messages = await until(() => (events('message').length === 4 ? events('message') : undefined));
    const envelope = messages[0] as Json;
    expect(envelope).toMatchObject({
      team_id: 'T0ACMEDESK',
      api_app_id: 'A0DESKWIRE',
      event_id: expect.stringMatching(/^Ev0/),
      authorizations: [{ is_bot: true }],
    });
    const inner = messages
      .map(({ event }) => event as Json)
      .sort((a, b) => Number(a['event_ts']) - Number(b['event_ts']));
    expect(inner).toMatchObject([
      { user: 'U0BEA00002', text: 'hi &lt;@deskwire&gt; &amp; all', channel_type: 'channel' },
      { thread_ts: ts, parent_user_id: 'U0BEA00002', text: 'reply' },
      { subtype: 'message_changed', message: { text: 'edited' }, previous_message: { ts } },
      { subtype: 'message_deleted', deleted_ts: ts, previous_message: { text: 'edited' } },
    ]);
    expect(events('reaction_added')[0]).toMatchObject({ event: { reaction: 'eyes', item: { ts } } });
    expect(events('app_home_opened')[0]).toMatchObject({ event: { user: 'U0BEA00002', tab: 'home' } });
  });

  it('are sent again, the same, when they are not answered with 200', async () => {
    let failures = 2;
    answer = () => ({ status: (failures -= 1) >= 0 ? 500 : 200 });
    await act('people/bea/messages', { channel: 'general', text: 'hello' });
    const tries = await until(() => (heard.length === 3 ? heard : undefined));
    expect(new Set(tries.map(({ payload }) => payload['event_id'])).size).toBe(1);
    expect(tries.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
  });
});

describe('the mailbox', () => {
  const mail = { from: 'Casey <casey@customer.example>', to: 'support@acme.test', subject: 'Hi', text: 'Hello' };

  it('says truthfully that nobody takes the mail', async () => {
    expect(await act('mails/send', mail)).toMatchObject({
      ok: false,
      accepted: [],
      response: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await look('mails')).toEqual([]);
  });

  it('refuses a second recipient smuggled into an address', async () => {
    const refused = await act('mails/send', { ...mail, to: 'b@x.example\r\nRCPT TO:<c@y.example>' });
    expect(refused).toMatchObject({ error: expect.stringContaining('to') });
  });

  it('keeps what arrives by SMTP, raw included, and answers it as mail programs do', async () => {
    const { SendMail } = await import('./mailbox/send-mail.js');
    const { mailbox } = running.playground;
    const sender = new SendMail(mailbox, `smtp://127.0.0.1:${running.smtpPort}`);
    const headers = { 'Reply-To': 'support+token@acme.test', References: '<first@acme.test>' };
    const out = {
      from: 'Alice <support@acme.test>',
      to: ['casey@customer.example'],
      subject: '[#42] Hi',
      text: 'We are on it.',
      messageId: '<m42@acme.test>',
      headers,
    };
    expect(await sender.execute(out)).toMatchObject({ ok: true, code: 250, accepted: ['casey@customer.example'] });
    sender.close();
    const [received] = await look<[Json]>('mails?address=casey@customer.example');
    expect(received).toMatchObject({ direction: 'received', subject: '[#42] Hi', messageId: '<m42@acme.test>' });
    const raw = await (await fetch(`${running.url}/playground/api/mails/${String(received['id'])}/raw`)).text();
    expect(raw).toContain('Reply-To: support+token@acme.test\r\n');

    const { replyTo } = await import('./mailbox/reply.js');
    const kept = mailbox.find(String(received['id']));
    if (!kept) throw new Error('The mail is not kept.');
    const reply = replyTo(kept, 'casey@customer.example', 'Thanks!');
    expect(reply).toMatchObject({
      to: 'support+token@acme.test',
      subject: 'Re: [#42] Hi',
      inReplyTo: '<m42@acme.test>',
      references: ['<first@acme.test>', '<m42@acme.test>'],
    });
    expect(reply.text).toMatch(/^Thanks!\r\n\r\nOn .+, .*wrote:\r\n\r\n> We are on it\.\r\n$/);
  });
});

describe('the page', () => {
  it('comes with its files and a policy, and nothing else of ours', async () => {
    const page = await fetch(running.url);
    expect(await page.text()).toContain('Deskwire');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const status = async (name: string) => (await fetch(`${running.url}/page/${name}`)).status;
    expect([await status('app.js'), await status('page.http.js'), await status('..%2Fconfig.js')]).toEqual([
      200, 404, 404,
    ]);
  });
});
