import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listActivities } from '#shared/contracts/messages.js';
import {
  changeTime,
  deleteTime,
  discardTimer,
  getTimer,
  listTime,
  logTime,
  startTimer,
  stopTimer,
  type TimeEntryView,
} from '#shared/contracts/time-entries.js';
import { openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { Database } from '../database/database.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';
import { MoveTimeEntries } from './move-time-entries.js';

let core: TestCore;
let ticket: TicketView;
let walled: Awaited<ReturnType<TestCore['addAgent']>>;
let customer: string;

beforeAll(async () => {
  core = await TestCore.start();
  walled = await core.addAgent(core.acme, { restrictedTo: [] });
  const theirs = { subject: 'Theirs', contactEmail: 'casey@customer.example' };
  customer = (await core.client.request(openTicket, theirs, as('agent'))).contact!.id;
}, 60_000);
afterAll(() => core.close());
beforeEach(async () => {
  ticket = await open('A crash');
});

const open = (subject: string) => core.client.request(openTicket, { subject }, { actor: core.actorOf(core.acme) });
const as = (role: 'viewer' | 'agent' | 'manager' | 'admin', overrides = {}) => ({
  actor: core.actorOf(core.acme, role, overrides),
});
const log = (minutes: number, more: object = {}, who = as('agent')) =>
  core.client.request(logTime, { ticket: ticket.id, minutes, ...more }, who);
const history = async (ofTicket = ticket.id) =>
  (await core.client.request(listActivities, { ticket: ofTicket, limit: 100 }, as('viewer'))).items.filter(({ type }) =>
    type.startsWith('time_'),
  );
const invoice = (id: string) =>
  core.sql(`UPDATE time_entries SET invoiced_at = '2026-02-01T00:00:00Z' WHERE id = $1`, [id]);
const restricted = () => ({ actor: walled });
const contact = () => ({ actor: core.contactOf(core.acme, customer) });
const problems = (body: Record<string, unknown>) => (body['errors'] as { pointer: string; message: string }[]) ?? [];

describe('logging time', () => {
  it('works as the document prints it, with and without v1, under both names', async () => {
    const json = {
      minutes: 30,
      description: 'Investigated crash logs and replaced corrupted config',
      billable: true,
    };
    for (const path of ['/api/tickets', '/api/v1/tickets']) {
      for (const name of ['time', 'time-entries']) {
        const { status, body } = await core.http(`${path}/${ticket.number}/${name}`, { json });
        expect(status).toBe(201);
        expect(body).toMatchObject({
          ...json,
          ticketId: ticket.id,
          ticketNumber: ticket.number,
          ticketSubject: 'A crash',
          agentId: core.acme.agents.admin.id,
          agent: { name: core.acme.agents.admin.name, email: core.acme.agents.admin.email },
          contractId: null,
          invoicedAt: null,
        });
      }
    }
    const { status, body } = await core.http(`/api/tickets/${ticket.id}/time`);
    expect(status).toBe(200);
    expect(body['items']).toHaveLength(4);
    expect(body['totals']).toMatchObject({ entries: 4, minutes: 120, billableMinutes: 120 });
  });

  it('is billable, by who asks, now, unless the request says otherwise', async () => {
    const before = Date.now();
    const entry = await log(1);
    expect(entry).toMatchObject({ billable: true, description: '', agentId: core.acme.agents.agent.id });
    expect(Date.parse(entry.workedAt)).toBeGreaterThanOrEqual(before);
    const yesterday = await log(1_440, { billable: false, workedAt: '2026-01-31T12:00:00+02:00', description: ' x ' });
    expect(yesterday).toMatchObject({ billable: false, workedAt: '2026-01-31T10:00:00.000Z', description: 'x' });
  });

  it('counts the same Idempotency-Key once', async () => {
    const post = () =>
      core.http(`/api/v1/tickets/${ticket.id}/time`, {
        json: { minutes: 5 },
        headers: { 'idempotency-key': `time-${ticket.id}` },
      });
    const [first, again] = [await post(), await post()];
    expect(again.body).toEqual(first.body);
    expect((await core.client.request(listTime, { ticket: ticket.id }, as('viewer'))).totals?.minutes).toBe(5);
  });

  it.each([
    [{}, '/minutes', 'is missing: must be whole minutes, 1 to 1440'],
    [{ minutes: 0 }, '/minutes', 'must be at least 1 minute'],
    [{ minutes: -5 }, '/minutes', 'must be at least 1 minute'],
    [{ minutes: 1.5 }, '/minutes', 'must be whole minutes, 1 to 1440'],
    [{ minutes: '30' }, '/minutes', 'must be whole minutes, 1 to 1440'],
    [
      { minutes: 1_441 },
      '/minutes',
      'must be at most 1440 minutes, which is a day: log longer work as several entries',
    ],
    [{ minutes: 1e300 }, '/minutes', undefined],
    [{ minutes: 5, billable: 'yes' }, '/billable', 'must be true or false'],
    [{ minutes: 5, description: 'x'.repeat(2_001) }, '/description', 'must be at most 2,000 characters'],
    [{ minutes: 5, workedAt: 'yesterday' }, '/workedAt', 'must be an instant such as 2026-01-31T12:00:00Z'],
    [{ minutes: 5, workedAt: '2999-01-01T00:00:00Z' }, '/workedAt', 'must not be in the future'],
    [{ minutes: 5, contractId: 'x' }, '/contractId', 'must be an id (UUID)'],
    [{ minutes: 5, minuts: 5 }, '', 'has no field “minuts”'],
  ])('refuses %j and says why', async (json, pointer, message) => {
    const { status, body } = await core.http(`/api/v1/tickets/${ticket.id}/time`, { json });
    expect([status, body['code']]).toEqual([400, 'BAD_REQUEST']);
    const [problem] = problems(body);
    expect(problem?.pointer).toBe(pointer);
    if (message !== undefined) expect(problem?.message).toBe(message);
    expect(await history()).toEqual([]);
  });

  it('keeps odd texts as they are', async () => {
    const description = "🕰️ ‮drawkcab‬ <script>alert(1)</script> \u0000 '; DROP TABLE tickets; --";
    const entry = await log(5, { description });
    expect(entry.description).toBe(description.replace('\u0000', ''));
  });

  it('lets managers log for somebody else, and nobody else', async () => {
    const agentId = core.acme.agents.agent.id;
    expect(await log(5, { agentId }, as('manager'))).toMatchObject({ agentId });
    expect(await log(5, { agentId }, as('agent'))).toMatchObject({ agentId });
    const other = { agentId: core.acme.agents.manager.id };
    expect(await refusalOf(log(5, other, as('agent')))).toMatchObject({ code: 'FORBIDDEN' });
    for (const id of [core.globex.agents.agent.id, core.acme.id]) {
      const refused = await refusalOf(log(5, { agentId: id }, as('manager')));
      expect(refused).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/agentId'] });
    }
    const [line] = (await history()).filter(({ actor }) => actor.id === core.acme.agents.manager.id);
    expect(line).toMatchObject({ type: 'time_logged', newValue: { agentId, minutes: 5 } });
  });

  it('is not for viewers, customers and strangers', async () => {
    expect(await refusalOf(log(5, {}, as('viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(log(5, {}, contact()))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(core.client.request(listTime, { ticket: ticket.id }, contact()))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusalOf(log(5, {}, restricted()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(log(5, {}, { actor: core.actorOf(core.globex, 'admin') }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await core.http(`/api/v1/tickets/${ticket.id}/time`, { json: { minutes: 5 }, key: '' })).status).toBe(401);
  });
});

describe('correcting time', () => {
  it('is for who worked it, and for managers, and stands in the history', async () => {
    const entry = await log(30, { description: 'a' });
    const change = (input: object, who = as('agent')) =>
      core.client.request(changeTime, { id: entry.id, ...input }, who);
    expect(await change({ minutes: 45 })).toMatchObject({ minutes: 45, description: 'a', billable: true });
    expect(await change({ billable: false, description: 'b' }, as('manager'))).toMatchObject({ billable: false });
    await change({ minutes: 45, description: 'b' }); // nothing changes
    expect(await refusalOf(change({ minutes: 1_441 }))).toMatchObject({ pointers: ['/minutes'] });
    expect(await refusalOf(change({ workedAt: '2999-01-01T00:00:00Z' }))).toMatchObject({ pointers: ['/workedAt'] });
    expect(await history()).toMatchObject([
      { type: 'time_logged', newValue: { minutes: 30, description: 'a' } },
      { type: 'time_edited', oldValue: { minutes: 30 }, newValue: { timeEntryId: entry.id, minutes: 45 } },
      {
        type: 'time_edited',
        actor: { id: core.acme.agents.manager.id },
        oldValue: { description: 'a', billable: true },
        newValue: { description: 'b', billable: false },
      },
    ]);
  });

  it('is not for others', async () => {
    const entry = await log(30, {}, as('manager'));
    const path = `/api/v1/time-entries/${entry.id}`;
    const change = (who: ReturnType<typeof as>) => core.client.request(changeTime, { id: entry.id, minutes: 1 }, who);
    const remove = (who: ReturnType<typeof as>) => core.client.request(deleteTime, { id: entry.id }, who);
    for (const work of [change, remove]) {
      expect(await refusalOf(work(as('agent')))).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refusalOf(work(as('viewer')))).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refusalOf(work(restricted()))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refusalOf(work({ actor: core.actorOf(core.globex, 'admin') }))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refusalOf(work(contact()))).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const init = { method, key: core.globex.apiKey, ...(method === 'PATCH' && { json: { minutes: 1 } }) };
      expect((await core.http(path, init)).status).toBe(404);
    }
    expect((await core.http(path)).body).toMatchObject({ id: entry.id, minutes: 30 });
    expect((await core.http('/api/v1/time-entries/nonsense')).status).toBe(400);
  });

  it('ends with the invoice, and says when that was', async () => {
    const entry = await log(30);
    await invoice(entry.id);
    const path = `/api/v1/time-entries/${entry.id}`;
    for (const init of [{ method: 'PATCH', json: { minutes: 1 } }, { method: 'DELETE' }]) {
      const { status, body } = await core.http(path, init);
      expect([status, body['code'], body['detail']]).toEqual([
        422,
        'UNPROCESSABLE',
        'It was invoiced at 2026-02-01T00:00:00.000Z and does not change any more',
      ]);
    }
    expect((await core.http(path)).body).toMatchObject({ minutes: 30, invoicedAt: '2026-02-01T00:00:00.000Z' });
  });

  it('takes an entry away once, and counts it no more', async () => {
    const entry = await log(30);
    await log(12);
    const path = `/api/v1/time-entries/${entry.id}`;
    expect(await core.http(path, { method: 'DELETE' })).toMatchObject({ status: 200, body: { success: true } });
    expect((await core.http(path, { method: 'DELETE' })).status).toBe(404);
    expect((await core.http(path, { method: 'PATCH', json: { minutes: 1 } })).status).toBe(404);
    const { items, totals } = await core.client.request(listTime, { ticket: ticket.id }, as('viewer'));
    expect([items.length, totals?.minutes]).toEqual([1, 12]);
    expect((await history()).at(-1)).toMatchObject({ type: 'time_deleted', oldValue: { minutes: 30 } });
  });
});

describe('reading time', () => {
  it('filters, adds up what matches, and goes on where a page ended', async () => {
    const manager = core.acme.agents.manager.id;
    const days = ['01', '02', '03', '04'];
    const made: TimeEntryView[] = [];
    for (const [place, day] of days.entries())
      made.push(await log(10 * (place + 1), { workedAt: `2025-06-${day}T12:00:00Z`, billable: place !== 0 }));
    await log(5, { workedAt: '2025-06-02T13:00:00Z' }, as('manager'));
    await invoice(made[3]!.id);
    const ask = async (query: string) =>
      (await core.http(`/api/v1/time-entries?from=2025-06-01&to=2025-07-01&${query}`)).body;
    const minutes = async (query: string) =>
      ((await ask(`ticket=${ticket.number}&${query}`))['items'] as TimeEntryView[]).map((entry) => entry.minutes);
    expect(await minutes('')).toEqual([40, 30, 5, 20, 10]);
    expect(await minutes('billable=false')).toEqual([10]);
    expect(await minutes('invoiced=true')).toEqual([40]);
    expect(await minutes('invoiced=false&billable=true')).toEqual([30, 5, 20]);
    expect(await minutes(`agentId=${manager}`)).toEqual([5]);
    const day = await core.http(`/api/v1/time-entries?from=2025-06-02&to=2025-06-03T00:00:00Z&ticket=${ticket.id}`);
    expect((day.body['items'] as TimeEntryView[]).map((entry) => entry.minutes)).toEqual([5, 20]);
    const { totals } = await ask(`ticket=${ticket.number}`);
    expect(totals).toEqual({
      entries: 5,
      minutes: 105,
      billableMinutes: 95,
      byAgent: [
        expect.objectContaining({ minutes: 100, billableMinutes: 90, entries: 4 }),
        expect.objectContaining({ minutes: 5, billableMinutes: 5, entries: 1 }),
      ],
    });
    const first = await ask(`ticket=${ticket.number}&limit=3`);
    const rest = await ask(`ticket=${ticket.number}&limit=3&cursor=${String(first['nextCursor'])}`);
    expect([...(first['items'] as object[]), ...(rest['items'] as object[])]).toHaveLength(5);
    expect([rest['nextCursor'], rest['totals']]).toEqual([null, null]);
  });

  it('adds up what stands in the entries, for any filter, whatever was changed', async () => {
    const [max, bea] = [core.acme.agents.manager.id, core.acme.agents.agent.id];
    const who = { agent: as('agent'), manager: as('manager') };
    const made: TimeEntryView[] = [];
    // Ends of days, of months and of a year among them.
    const instants = [
      '2023-12-31T23:59:59.999Z',
      '2024-01-01T00:00:00Z',
      '2024-02-29T12:30:00Z',
      '2024-03-01T00:00:00Z',
      '2024-04-15T08:00:00Z',
    ];
    for (const [place, workedAt] of instants.entries())
      for (const role of ['agent', 'manager'] as const)
        made.push(await log(1 << place, { workedAt, billable: (place + made.length) % 3 !== 0 }, who[role]));
    const change = (at: number, more: object) =>
      core.client.request(changeTime, { id: made[at]!.id, ...more }, as('manager'));
    await change(0, { minutes: 100, workedAt: '2024-04-15T08:00:00Z' });
    await change(1, { billable: false });
    await change(1, { billable: true, description: 'Again' });
    await core.client.request(deleteTime, { id: made[2]!.id }, as('manager'));
    await invoice(made[3]!.id);
    await invoice(made[5]!.id);
    await Promise.all([4, 6, 8].map((at) => change(at, { minutes: 200 + at })));

    const edges = [
      null,
      '2023-12-31T23:59:59.999Z',
      '2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00.001Z',
      '2024-02-29T12:30:00Z',
      '2024-03-01T00:00:00Z',
      '2024-04-15T08:00:00Z',
      '2024-05-01T00:00:00Z',
    ];
    for (const from of edges) {
      for (const to of edges.filter((end) => from === null || end === null || Date.parse(from) <= Date.parse(end))) {
        for (const only of [
          {},
          { agentId: bea },
          { billable: false },
          { invoiced: true },
          { agentId: max, billable: true, invoiced: false },
        ]) {
          const asked = { ...only, ...(from && { from }), ...(to && { to }) };
          const { items, totals } = await core.client.request(listTime, { ...asked, limit: 100 }, as('viewer'));
          const sum = (minutes: (entry: TimeEntryView) => number) => items.reduce((all, one) => all + minutes(one), 0);
          const byAgent = Map.groupBy(items, ({ agentId }) => agentId);
          expect([asked, totals]).toEqual([
            asked,
            {
              entries: items.length,
              minutes: sum(({ minutes }) => minutes),
              billableMinutes: sum(({ minutes, billable }) => (billable ? minutes : 0)),
              byAgent: expect.any(Array),
            },
          ]);
          expect(new Map(totals!.byAgent.map(({ agent, entries }) => [agent.id, entries]))).toEqual(
            new Map([...byAgent].map(([id, entries]) => [id, entries.length])),
          );
        }
      }
    }
  });

  it('are listed by days of the organisation, not by those of Greenwich', async () => {
    const key = core.globex.apiKey;
    const json = { settings: { timezone: 'America/New_York' } };
    await core.http('/api/v1/organisation', { method: 'PATCH', json, key });
    const { id } = (await core.http('/api/v1/tickets', { json: { subject: 'Theirs' }, key })).body;
    for (const [minutes, workedAt] of [
      [1, '2026-01-01T04:59:59Z'],
      [2, '2026-01-01T05:00:00Z'],
      [3, '2026-02-01T04:59:59Z'],
      [4, '2026-02-01T05:00:00Z'],
    ])
      await core.http(`/api/v1/tickets/${String(id)}/time`, { json: { minutes, workedAt }, key });
    const january = await core.http('/api/v1/time-entries?from=2026-01-01&to=2026-02-01', { key });
    expect((january.body['items'] as TimeEntryView[]).map(({ minutes }) => minutes)).toEqual([3, 2]);
    expect(january.body['totals']).toMatchObject({ minutes: 5 });
    const csv = await core.http('/api/v1/time-entries?from=2026-01-01&to=2026-02-01&format=csv', { key });
    expect(String(csv.body['text']).split('\r\n')).toHaveLength(4);
    // The day has begun in Greenwich, and not in New York.
    const backwards = await core.http('/api/v1/time-entries?from=2026-01-01&to=2026-01-01T01:00:00Z', { key });
    expect([backwards.status, problems(backwards.body)[0]?.pointer]).toEqual([400, '/to']);
    await core.sql('DELETE FROM time_entries WHERE org_id = $1', [core.globex.id]);
  });

  it.each([
    ['billable=perhaps', '/billable'],
    ['from=lately', '/from'],
    ['from=2026-02-01&to=2026-01-01', '/to'],
    ['agentId=me', '/agentId'],
    ['limit=0', '/limit'],
    ['format=xml', '/format'],
    ['cursor=abc', '/cursor'],
    ['nonsense=1', ''],
  ])('refuses ?%s', async (query, pointer) => {
    const { status, body } = await core.http(`/api/v1/time-entries?${query}`);
    expect([status, problems(body)[0]?.pointer]).toEqual([400, pointer]);
  });

  it('answers CSV to who asks for it', async () => {
    await log(30, { description: 'a,"b"', workedAt: '2024-05-05T00:00:00Z' });
    const query = `?ticket=${ticket.id}`;
    for (const [path, headers] of [
      [`${query}&format=csv`, {}],
      [query, { accept: 'text/csv' }],
    ] as const) {
      const answer = await core.http(`/api/v1/time-entries${path}`, { headers });
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      expect(answer.headers.get('content-disposition')).toContain('time-entries.csv');
      const lines = String(answer.body['text']).split('\r\n');
      expect(lines[0]).toMatch(/^id,worked_at,ticket,/);
      expect(lines[1]).toMatch(/,2024-05-05T00:00:00.000Z,\d+,A crash,\w+,[^,]+,30,true,"a,""b""",,$/);
      expect(lines.slice(2)).toEqual(['']);
    }
    expect((await core.http(`/api/v1/time-entries${query}`)).headers.get('content-type')).toMatch(/json/);
    expect((await core.http('/api/v1/time-entries?ticket=999999&format=csv')).status).toBe(404);
  });

  it('exports every entry once, over many pages, even of one instant', async () => {
    await core.sql(
      `INSERT INTO time_entries SELECT $1, gen_random_uuid(), $2, $3, 1, '', true, '2023-01-01', NULL, NULL, now(), now(), NULL
       FROM generate_series(1, 1203)`,
      [core.acme.id, ticket.id, core.acme.agents.agent.id],
    );
    const { body } = await core.http(`/api/v1/time-entries?ticket=${ticket.id}&format=csv`);
    const ids = String(body['text'])
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect([ids.length, new Set(ids).size]).toEqual([1_203, 1_203]);
  });

  it('shows who is restricted only time on tickets that they see', async () => {
    await log(7, {}, as('manager'));
    const mine = await core.client.request(openTicket, { subject: 'Mine', assigneeId: walled.id }, as('manager'));
    const entry = await core.client.request(logTime, { ticket: mine.id, minutes: 3 }, restricted());
    const { items, totals } = await core.client.request(listTime, {}, restricted());
    expect(items.map(({ id }) => id)).toEqual([entry.id]);
    expect(totals).toMatchObject({ minutes: 3, entries: 1 });
    expect(await refusalOf(core.client.request(listTime, { ticket: ticket.id }, restricted()))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is walled in by the organisation', async () => {
    await log(7);
    const { body } = await core.http('/api/v1/time-entries', { key: core.globex.apiKey });
    expect(body).toMatchObject({ items: [], nextCursor: null, totals: { entries: 0, minutes: 0, byAgent: [] } });
    expect((await core.http(`/api/v1/tickets/${ticket.id}/time`, { key: core.globex.apiKey })).status).toBe(404);
  });
});

describe('a timer', () => {
  const who = () => as('agent');
  const start = (input: object = {}, of = ticket) =>
    core.client.request(startTimer, { ticket: of.id, ...input }, who());
  const stop = (input: object = {}) => core.client.request(stopTimer, input, who());
  const running = async () => (await core.client.request(getTimer, {}, who())).timer;
  const startedAgo = (seconds: number) =>
    core.sql(`UPDATE running_timers SET started_at = now() - make_interval(secs => $2) WHERE agent_id = $1`, [
      core.acme.agents.agent.id,
      seconds,
    ]);
  beforeEach(async () => {
    if (await running()) await core.client.request(discardTimer, {}, who());
  });

  it('runs, and becomes an entry of when it was started', async () => {
    expect(await start({ description: 'Looking', billable: false })).toMatchObject({
      timer: { ticketId: ticket.id, ticketNumber: ticket.number, description: 'Looking', billable: false, minutes: 1 },
      logged: null,
    });
    await startedAgo(12 * 60 + 5);
    expect(await running()).toMatchObject({ ticketId: ticket.id, minutes: 13 });
    const entry = await stop();
    expect(entry).toMatchObject({ minutes: 13, description: 'Looking', billable: false, ticketId: ticket.id });
    expect(Date.parse(entry.workedAt)).toBeLessThan(Date.now() - 12 * 60_000);
    expect(await running()).toBeNull();
    expect(await history()).toMatchObject([{ type: 'time_logged', newValue: { minutes: 13, description: 'Looking' } }]);
    expect(await refusalOf(stop())).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('logs one minute at least, and what is said instead of what the clock says', async () => {
    await start();
    expect(await stop()).toMatchObject({ minutes: 1, billable: true });
    await start({ description: 'a' });
    expect(await stop({ minutes: 25, description: 'b' })).toMatchObject({ minutes: 25, description: 'b' });
  });

  it('asks how long it was after more than a day, and goes on until it is told', async () => {
    await start();
    await startedAgo(24 * 3_600 + 61);
    const refused = await refusalOf(stop());
    expect(refused).toMatchObject({ code: 'UNPROCESSABLE', pointers: ['/minutes'] });
    expect(await running()).not.toBeNull();
    const other = await open('Another');
    expect(await refusalOf(start({ switch: true }, other))).toMatchObject({ code: 'UNPROCESSABLE' });
    expect(await running()).toMatchObject({ ticketId: ticket.id });
    expect(await stop({ minutes: 480 })).toMatchObject({ minutes: 480 });
  });

  it('is one at a time: another one is refused, or switched to', async () => {
    await start();
    const other = await open('Another');
    const refused = await refusalOf(start({}, other));
    expect(refused.code).toBe('CONFLICT');
    expect(refused.message).toContain(`#${ticket.number} since`);
    await startedAgo(90);
    const switched = await start({ switch: true, description: 'next' }, other);
    expect(switched).toMatchObject({
      timer: { ticketId: other.id, description: 'next' },
      logged: { ticketId: ticket.id, minutes: 2 },
    });
    expect(await running()).toMatchObject({ ticketId: other.id });
  });

  it('starts and stops once, however many ask at once', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => start()));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const stops = await Promise.allSettled(Array.from({ length: 8 }, () => stop()));
    expect(stops.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await history()).toHaveLength(1);
  });

  it('lets two agents switch across without locking each other out', async () => {
    const other = await open('Another');
    const boss = as('manager');
    await start();
    await core.client.request(startTimer, { ticket: other.id }, boss);
    for (let turn = 0; turn < 10; turn += 1) {
      const [here, there] = turn % 2 === 0 ? [other, ticket] : [ticket, other];
      await Promise.all([
        start({ switch: true }, here),
        core.client.request(startTimer, { ticket: there.id, switch: true }, boss),
      ]);
    }
    await core.client.request(discardTimer, {}, boss);
    expect([...(await history()), ...(await history(other.id))]).toHaveLength(20);
  });

  it('can be thrown away', async () => {
    await start();
    expect(await core.client.request(discardTimer, {}, who())).toEqual({ success: true });
    expect(await refusalOf(core.client.request(discardTimer, {}, who()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await history()).toEqual([]);
  });

  it('is there by HTTP, without a body too', async () => {
    const path = `/api/tickets/${ticket.number}/timer/start`;
    expect(await core.http(path, { method: 'POST' })).toMatchObject({ status: 201, body: { logged: null } });
    expect(await core.http(path, { json: {} })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await core.http('/api/v1/timer')).body).toMatchObject({ timer: { ticketNumber: ticket.number } });
    const tooLong = await core.http('/api/v1/timer/stop', { json: { minutes: 2_000 } });
    expect([tooLong.status, problems(tooLong.body)[0]?.pointer]).toEqual([400, '/minutes']);
    expect(await core.http('/api/timer/stop', { method: 'POST' })).toMatchObject({ status: 201, body: { minutes: 1 } });
    expect((await core.http('/api/v1/timer')).body).toEqual({ timer: null, logged: null });
    expect((await core.http('/api/v1/timer', { method: 'DELETE' })).status).toBe(404);
  });

  it('is for agents, on tickets that they see', async () => {
    const startAs = (actor: ReturnType<typeof as>) => core.client.request(startTimer, { ticket: ticket.id }, actor);
    expect(await refusalOf(startAs(as('viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(startAs(contact()))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusalOf(startAs({ actor: core.serviceOf(core.acme) }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(startAs(restricted()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(startAs({ actor: core.actorOf(core.globex) }))).toMatchObject({ code: 'NOT_FOUND' });
    await start();
    await core.sql('UPDATE tickets SET deleted_at = now() WHERE id = $1', [ticket.id]);
    expect(await refusalOf(stop())).toMatchObject({ code: 'UNPROCESSABLE' });
    expect(await running()).not.toBeNull();
    await core.client.request(discardTimer, {}, who());
  });
});

describe('time of tickets that become one', () => {
  it('goes with the ticket, and back: timers too, what was logged since stays', async () => {
    const other = await open('Another');
    const entry = await log(10);
    await core.client.request(startTimer, { ticket: ticket.id }, as('agent'));
    const database = core.app.get(Database);
    const move = core.app.get(MoveTimeEntries);
    const moved = await database.tenant(core.acme.id, (tx) => move.execute(tx, ticket.id, other.id));
    expect(moved).toHaveLength(2);
    const since = await core.client.request(logTime, { ticket: other.id, minutes: 1 }, as('agent'));
    const ticketsOf = async () =>
      [
        ...(await core.sql<{ ticket_id: string }>(
          'SELECT ticket_id FROM time_entries WHERE id = ANY($1) ORDER BY minutes',
          [[entry.id, since.id]],
        )),
        ...(await core.sql<{ ticket_id: string }>('SELECT ticket_id FROM running_timers WHERE org_id = $1', [
          core.acme.id,
        ])),
      ].map(({ ticket_id }) => ticket_id);
    expect(await ticketsOf()).toEqual([other.id, other.id, other.id]);
    await database.tenant(core.acme.id, (tx) => move.back(tx, moved, ticket.id));
    expect(await ticketsOf()).toEqual([other.id, ticket.id, ticket.id]);

    // A timer that was stopped and started again since is another one.
    await database.tenant(core.acme.id, (tx) => move.execute(tx, ticket.id, other.id));
    await core.client.request(startTimer, { ticket: other.id, switch: true }, as('agent'));
    await database.tenant(core.acme.id, (tx) => move.back(tx, moved, ticket.id));
    expect((await ticketsOf()).at(-1)).toBe(other.id);
    await core.client.request(discardTimer, {}, as('agent'));
  });
});
