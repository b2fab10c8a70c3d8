import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../test/support/core.js';

// The command line as people run it, a process each, against the real server: what the API answers is what it shows.

const root = join(import.meta.dirname, '../../..');
let core: TestCore;
let folder: string;
let url: string;
beforeAll(async () => {
  core = await TestCore.start();
  url = await core.app.getUrl();
  folder = await mkdtemp(join(tmpdir(), 'deskwire-cli-'));
}, 60_000);
afterAll(async () => {
  await core.close();
  await rm(folder, { recursive: true });
});

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

function deskwireAs(env: Record<string, string>, args: string[], input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      join(root, 'node_modules/.bin/node'),
      ['--import', join(root, 'test/support/typescript-sources.mjs'), join(root, 'apps/cli/src/main.ts'), ...args],
      { cwd: root, env: { PATH: process.env['PATH'], DESKWIRE_CONFIG: join(folder, 'config.json'), ...env } },
    );
    const ran: Ran = { code: null, out: '', err: '' };
    child.stdout.on('data', (part: Buffer) => (ran.out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (ran.err += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}

const deskwire = (args: string[], input?: string) =>
  deskwireAs({ DESKWIRE_URL: url, DESKWIRE_API_KEY: core.acme.apiKey }, args, input);
const done = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await deskwire(args);
  expect([code, err]).toEqual([0, '']);
  return out;
};
const open = async (fields: object = {}): Promise<number> =>
  (await core.http('/api/v1/tickets', { method: 'POST', json: { subject: 'VPN', ...fields } })).body[
    'number'
  ] as number;
const post = (path: string, json: object) => core.http(`/api/v1${path}`, { method: 'POST', json });

describe('deskwire', () => {
  it('changes several tickets at once and tells which could not be changed', async () => {
    const [a, b] = [await open(), await open()];
    const { code, out, err } = await deskwire(['ticket', 'update', String(a), `#${b}`, '999999', '--priority', 'low']);
    expect(code).toBe(5);
    expect(out).toBe(
      `Changed #${a}.\nChanged #${b}.\n#999999 was not changed: There is no ticket #999999 (NOT_FOUND)\n`,
    );
    expect(err).toContain('1 of 3 were not changed');
    expect((await core.http(`/api/v1/tickets/${b}`)).body).toMatchObject({ priority: 'low' });
  }, 120_000);

  it('splits, merges, and says of a ticket where it went', async () => {
    const [a, b] = [await open({ subject: 'One', description: 'The first' }), await open({ subject: 'Two' })];
    const { body: message } = await post(`/tickets/${a}/messages`, { content: 'Another matter' });
    expect(await done('ticket', 'split', String(a), '--message', String(message['id']), '--subject', 'New')).toMatch(
      /^Opened #\d+: New \(/,
    );
    await done('ticket', 'merge', String(b), '--into', String(a));
    expect(await done('ticket', 'view', String(b))).toContain(`into #${a}`);
  }, 120_000);

  it('shows who watches, statistics with names, and finds by words', async () => {
    const ticket = await open({ subject: 'Xylophone is out of tune', assigneeId: core.acme.agents.agent.id });
    const [watched, stats, hits] = [
      await done('ticket', 'watch', String(ticket), '--agent', core.acme.agents.manager.email),
      await done('ticket', 'stats'),
      await done('ticket', 'search', 'xylophone', '--query', 'items[].ticket.number'),
    ];
    expect(watched).toContain('hears of');
    expect(await done('ticket', 'watchers', String(ticket))).toContain(core.acme.agents.manager.name);
    expect(stats).toContain(`${core.acme.agents.agent.name} `);
    expect(hits).toBe(`${ticket}\n`);
  }, 120_000);

  it('sends files, lists them and brings them back; never over one that is there', async () => {
    const ticket = await open();
    const [sent, back] = [join(folder, 'naïve log.txt'), join(folder, 'back.txt')];
    await writeFile(sent, 'line one\n');
    const note = await deskwire(['note', 'add', String(ticket), '-', '--attach', sent], 'See the file\n');
    expect(note).toMatchObject({ code: 0, out: `Noted on #${ticket}.\n` });
    expect(await done('attachment', 'list', String(ticket))).toContain('naïve log.txt');
    expect(await done('attachment', 'get', String(ticket), 'naïve log.txt', '--to', back)).toContain(`Saved ${back}`);
    expect(await readFile(back, 'utf8')).toBe('line one\n');
    expect(await deskwire(['attachment', 'get', String(ticket), 'naïve log.txt', '--to', back])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--force') as unknown,
    });
  }, 120_000);

  it('renders canned responses, reads views by name, opens from a template', async () => {
    const ticket = await open({ contactEmail: 'casey@customer.example', contactName: 'Casey Doe' });
    await post('/canned-responses', { title: 'Hello', shortcut: 'hi', content: 'Hello {{contact.firstName}}!' });
    await post('/views', { name: 'Mine', query: { assigneeId: 'me' } });
    await post('/ticket-templates', { name: 'New Employee', fields: { subject: 'New employee', priority: 'low' } });
    expect(await done('canned', 'render', 'hi', '--ticket', String(ticket))).toBe('Hello Casey!\n');
    expect(await done('view', 'get', 'mine')).toContain('Mine');
    expect(await done('ticket', 'create', '--template', 'new employee', '--query', 'priority')).toBe('low\n');
  }, 120_000);

  it('keeps teams and keys: members in and out, a key replaced', async () => {
    await done('team', 'create', 'First Line', '--handle', 'first');
    expect(await done('team', 'add-member', 'first', core.acme.agents.agent.email)).toContain('is in First Line');
    expect(await done('team', 'get', 'first')).toContain(core.acme.agents.agent.name);
    expect(await done('team', 'remove-member', 'first', core.acme.agents.agent.email)).toContain('no more');
    const { body: old } = await post('/keys', { name: 'ci', role: 'viewer' });
    const made = (await done('key', 'rotate', 'ci')).split('\n')[0]!;
    const env = (key: string) => ({ DESKWIRE_URL: url, DESKWIRE_API_KEY: key });
    expect(await deskwireAs(env(made), ['config', 'current'])).toMatchObject({ code: 0 });
    // A key that was revoked is told as such, and is another exit code than wrong input.
    expect(await deskwireAs(env(String(old['key'])), ['ticket', 'list'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('revoked') as unknown,
    });
  }, 120_000);

  it('reads what one is told of, what was changed, and the organisation', async () => {
    const handle = core.acme.agents.admin.email.split('@')[0]!;
    const ticket = await open();
    await post(`/tickets/${ticket}/messages`, { content: `@${handle} look`, isInternalNote: true });
    expect((await deskwire(['notification', 'list'])).code).toBe(0);
    expect(await done('notification', 'read', '--all')).toMatch(/^\d+ read\.\n$/);
    expect(await done('org', 'update', '--auto-close-days', '3', '--query', 'settings.autoCloseDays')).toBe('3\n');
    expect(await done('audit', 'list', '--type', 'organisation')).toContain('organisation');
  }, 120_000);

  it('answers wrong input by 2, a desk that is away by 6, and keeps profiles', async () => {
    expect(await deskwire(['ticket', 'list', '--status', 'nonsense'])).toMatchObject({ code: 2, out: '' });
    const away = await deskwireAs({ DESKWIRE_URL: 'http://127.0.0.1:9', DESKWIRE_API_KEY: 'dw_nobody_1' }, [
      'tag',
      'ls',
    ]);
    expect(away).toMatchObject({ code: 6, err: expect.stringContaining('does not answer') as unknown });
    const set = await deskwireAs({}, ['config', 'set', 'work', '--url', url], `${core.acme.apiKey}\n`);
    expect(set).toMatchObject({ code: 0, out: expect.stringContaining('You are') as unknown });
    expect(await deskwireAs({}, ['config', 'list', '--json'])).toMatchObject({
      code: 0,
      out: expect.not.stringContaining(core.acme.apiKey) as unknown,
    });
  }, 120_000);

  it('goes on at a cursor, finds by every kind of filter, and shows a saved view', async () => {
    const kind = 'paging';
    const [first, second] = [await open({ kind }), await open({ kind, entity: { type: 'device', id: 'd1' } })];
    const numbers = (...args: string[]) => done('ticket', 'list', '--kind', kind, ...args, '--query', 'items[].number');
    expect(await numbers('--limit', '1')).toBe(`${second}\n`);
    const cursor = (await done('ticket', 'list', '--kind', kind, '--limit', '1', '--query', 'nextCursor')).trim();
    expect(await numbers('--limit', '1', '--cursor', cursor)).toBe(`${first}\n`);
    expect(await numbers('--entity', 'device:d1', '--created-from', '1h')).toBe(`${second}\n`);
    await post('/views', { name: 'Paging', query: { kind } });
    expect(await done('ticket', 'list', '--view', 'paging', '--query', 'length(items)')).toBe('2\n');
    expect((await deskwire(['ticket', 'list', '--view', 'paging', '--kind', kind])).code).toBe(2);
  }, 120_000);

  it('does with each what can be done, and prints several as one document', async () => {
    const [a, b] = [await open(), await open()];
    const resolved = await deskwire(['ticket', 'resolve', String(a), '999999', `#${b}`, '-o', 'json']);
    expect(resolved).toMatchObject({ code: 4, err: expect.stringContaining('999999: There is no ticket') as unknown });
    expect(JSON.parse(resolved.out)).toMatchObject({ items: [{ number: a }, { number: b, status: 'resolved' }] });
    for (const nothing of ['', '..', 'abc'])
      expect(await deskwire(['ticket', 'delete', nothing])).toMatchObject({ code: 2, out: '' });
  }, 120_000);

  it('takes back what `get` printed and somebody edited, and nothing that was changed meanwhile', async () => {
    const ticket = String(await open({ subject: 'Before' }));
    const printed = await done('ticket', 'get', ticket, '-o', 'yaml');
    const edited = printed.replace('subject: Before', 'subject: After');
    expect(await deskwire(['ticket', 'update', ticket, '-f', '-'], printed)).toMatchObject({
      out: 'Nothing differs.\n',
    });
    expect((await deskwire(['ticket', 'update', ticket, '-f', '-'], edited)).code).toBe(0);
    expect(await done('ticket', 'get', ticket, '--query', 'subject')).toBe('After\n');
    expect((await deskwire(['ticket', 'update', ticket, '-f', '-'], edited)).code).toBe(5);
    await post('/ticket-tags', { name: 'edited', color: '#111111' });
    const tag = (await done('tag', 'get', 'edited', '-o', 'json')).replace('#111111', '#222222');
    expect((await deskwire(['tag', 'update', 'edited', '-f', '-'], tag)).code).toBe(0);
    expect(await done('tag', 'get', 'edited', '--query', 'color')).toBe('#222222\n');
  }, 120_000);

  it('simulates a scenario in every form of output, and a wrong one is wrong input', async () => {
    const scenario = {
      policy: { name: 'Half an hour', firstResponseTime: 30 },
      calendar: null,
      events: [{ at: '2026-11-02T09:00:00Z', type: 'opened' }],
      now: '2026-11-02T09:30:01Z',
    };
    const simulate = (said: unknown, ...options: string[]) =>
      deskwire(['sla', 'simulate', '--file', '-', ...options], JSON.stringify(said));
    expect(JSON.parse((await simulate(scenario)).out)).toMatchObject({ breachStatus: 'breached' });
    expect(JSON.parse((await simulate(scenario, '--json')).out)).toMatchObject({ breachStatus: 'breached' });
    expect((await simulate(scenario, '-o', 'yaml')).out).toMatch(/^breachStatus: breached$/m);
    expect((await simulate(scenario, '--query', 'clocks[].dueAt')).out).toBe('2026-11-02T09:30:00.000Z\n');
    expect(await simulate({ ...scenario, now: 'noon' })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('now: ') as unknown,
    });
  }, 120_000);

  it('has a command for what hangs on tickets, people and words', async () => {
    const ticket = String(await open({ category: 'billing', contactEmail: 'pat@customer.example' }));
    expect(await done('ticket', 'tag', ticket, 'red,round', 'hot')).toBe(`#${ticket} has red, round, hot.\n`);
    expect(await done('ticket', 'untag', ticket, 'round')).toBe(`#${ticket} has red, hot.\n`);
    expect(await done('sla', 'pause', ticket, '--reason', 'spare part')).toContain('stand still');
    expect(await done('sla', 'resume', ticket)).toContain('go on');
    expect(await done('contact', 'add-address', 'pat@customer.example', 'pat@home.example')).toContain(
      'pat@home.example',
    );
    expect((await deskwire(['category', 'delete', 'billing'])).code).toBe(5);
    expect(await done('category', 'delete', 'billing', '--replace-by', 'general')).toBe(
      'Deleted the category billing.\n',
    );
    expect(await done('canned', 'variables')).toContain('{{contact.firstName}}');
    await done('policy', 'create', 'Slow', '--first-response-time', '4h', '--no-enabled');
    expect(await done('policy', 'history', 'slow')).toContain('firstResponseMinutes: null → 240');
    await done('agent', 'delete', core.acme.agents.agent.email);
    expect(await done('agent', 'update', core.acme.agents.agent.email, '--no-disabled')).toContain('Changed the agent');
    expect(await done('agent', 'get', 'me', '--query', 'role')).toBe('admin\n');
  }, 120_000);

  it('takes an environment’s key before a profile’s, and understands a ticket without a verb', async () => {
    await deskwireAs({}, ['config', 'set', 'mine', '--url', `${url}/api/v1`], `${core.acme.apiKey}\n`);
    const ticket = String(await open({ subject: 'Short' }));
    const short = await deskwireAs({ DESKWIRE_PROFILE: 'mine' }, ['ticket', ticket, '--query', 'subject']);
    expect(short).toMatchObject({ code: 0, out: 'Short\n' });
    const wrong = { DESKWIRE_PROFILE: 'mine', DESKWIRE_API_KEY: 'dw_nobody_1' };
    expect((await deskwireAs(wrong, ['ticket', ticket])).code).toBe(3);
    expect((await deskwireAs(wrong, ['ticket', ticket, '--profile', 'mine'])).code).toBe(0);
  }, 120_000);
});
