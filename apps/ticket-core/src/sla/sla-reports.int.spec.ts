import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { getSlaReport } from '#shared/contracts/sla-reports.js';
import { openTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

type Json = Record<string, unknown>;
const MINUTE = 60_000;
let core: TestCore;
const team = randomUUID();
const ids: string[] = [];
beforeAll(async () => {
  core = await TestCore.start();
  await core.sql(`INSERT INTO teams SELECT $1, $2, '=Second, "line"', 'second-line', '', now(), now(), NULL`, [
    core.acme.id,
    team,
  ]);
  await core.sql('SELECT 1');
  // What became of each: opened on, priority, team?, first response (state, minutes consumed), resolution (state, minutes).
  for (const [opened, priority, inTeam, first, resolution] of [
    ['2026-08-03T09:00:00Z', 'high', true, ['met', 10], ['met', 100]],
    ['2026-08-05T09:00:00Z', 'high', false, ['breached', 200], ['met', 300]],
    ['2026-08-09T23:30:00Z', 'low', true, ['met', 20], ['running', 5]],
    ['2026-08-10T09:00:00Z', 'low', false, ['cancelled', 1], ['late', 50]],
    ['2026-08-12T09:00:00Z', 'high', true, ['met', 30], ['breached', 900]],
  ] as const) {
    const ticket = await core.client.request(
      openTicket,
      { subject: 'x', priority, contactEmail: 'casey@customer.example' },
      { actor: core.actorOf(core.acme) },
    );
    ids.push(ticket.id);
    await core.sql('UPDATE tickets SET created_at = $2, team_id = $3, assignee_id = $4 WHERE id = $1', [
      ticket.id,
      opened,
      inTeam ? team : null,
      inTeam ? core.acme.agents.agent.id : null,
    ]);
    for (const [target, [state, minutes]] of [
      ['first_response', first],
      ['resolution', resolution],
    ] as const) {
      // `late`: it runs past its due instant, and no monitor has been there.
      const stopped = ['met', 'breached', 'cancelled'].includes(state);
      await core.sql(
        `UPDATE sla_clocks SET state = $3, consumed_ms = $4, stopped_at = CASE WHEN $5 THEN now() END,
           due_at = now() + make_interval(hours => $6) WHERE ticket_id = $1 AND target = $2`,
        [ticket.id, target, state === 'late' ? 'running' : state, minutes * MINUTE, stopped, state === 'late' ? -1 : 1],
      );
    }
  }
}, 60_000);
afterAll(() => core.close());

const report = async (query: string, headers: Record<string, string> = {}) =>
  core.http(`/api/v1/sla/reports?from=2026-08-01&to=2026-09-01${query}`, { headers });
type Target = {
  met: number;
  breached: number;
  cancelled: number;
  open: number;
  compliancePercent: number | null;
  medianMs: number | null;
  p90Ms: number | null;
};
type Row = Json & { tickets: number; targets: Record<string, Target> };

describe('a report', () => {
  it('counts what was met, missed, cancelled and is still open, and how long it took', async () => {
    const { status, body } = await report('');
    expect(status).toBe(200);
    expect(body).toMatchObject({ from: '2026-08-01T00:00:00.000Z', timezone: 'UTC', groupBy: [], rows: [] });
    expect(body['total']).toEqual({
      tickets: 5,
      targets: {
        first_response: {
          met: 3,
          breached: 1,
          cancelled: 1,
          open: 0,
          compliancePercent: 75,
          medianMs: 20 * MINUTE,
          p90Ms: 200 * MINUTE,
        },
        next_response: {
          met: 0,
          breached: 0,
          cancelled: 0,
          open: 0,
          compliancePercent: null,
          medianMs: null,
          p90Ms: null,
        },
        resolution: {
          met: 2,
          breached: 2,
          cancelled: 0,
          open: 1,
          compliancePercent: 50,
          medianMs: 300 * MINUTE,
          p90Ms: 900 * MINUTE,
        },
      },
    });
  });

  it('tells weeks apart by the zone’s Mondays, and priorities, policies, teams and agents', async () => {
    const weeks = (await report('&groupBy=week')).body['rows'] as Row[];
    expect(weeks.map(({ week, tickets }) => [week, tickets])).toEqual([
      ['2026-08-03', 3],
      ['2026-08-10', 2],
    ]);
    // 23:30 on Sunday in UTC is Monday in Berlin.
    const berlin = (await report('&groupBy=week&timezone=Europe/Berlin')).body['rows'] as Row[];
    expect(berlin.map(({ week, tickets }) => [week, tickets])).toEqual([
      ['2026-08-03', 2],
      ['2026-08-10', 3],
    ]);
    // The days are Berlin's, too: the last of these begins at 22:00 of the day before in UTC.
    const until = await core.http('/api/v1/sla/reports?from=2026-08-03&to=2026-08-10&timezone=Europe/Berlin');
    expect(until.body).toMatchObject({ to: '2026-08-09T22:00:00.000Z', total: { tickets: 2 } });
    const { body } = await report('&groupBy=team,priority');
    expect(body['groupBy']).toEqual(['priority', 'team']);
    const rows = body['rows'] as Row[];
    expect(
      rows.map(({ priority, team: of, tickets }) => [priority, (of as Json | null)?.['id'] ?? null, tickets]),
    ).toEqual([
      ['high', team, 2],
      ['high', null, 1],
      ['low', team, 1],
      ['low', null, 1],
    ]);
    expect(rows[0]!.targets['first_response']).toMatchObject({ met: 2, breached: 0, compliancePercent: 100 });
    const agents = (await report('&groupBy=agent')).body['rows'] as Row[];
    expect(agents.map(({ agent, tickets }) => [(agent as Json | null)?.['name'] ?? null, tickets])).toEqual([
      [core.acme.agents.agent.name, 3],
      [null, 2],
    ]);
    const policies = (await report('&groupBy=policy')).body['rows'] as Row[];
    expect(policies.map(({ policy, tickets }) => [(policy as Json)['name'], tickets])).toEqual([
      ['High priority', 3],
      ['Low priority', 2],
    ]);
  });

  it('adds up: whatever it is grouped by', async () => {
    for (const groupBy of ['week', 'policy', 'priority', 'team', 'agent', 'week,policy,priority,team,agent']) {
      const { body } = await report(`&groupBy=${groupBy}`);
      const [rows, total] = [body['rows'] as Row[], body['total'] as Row];
      const sum = (read: (row: Row) => number) => rows.reduce((all, row) => all + read(row), 0);
      expect(sum(({ tickets }) => tickets)).toBe(total.tickets);
      for (const target of ['first_response', 'resolution']) {
        for (const field of ['met', 'breached', 'cancelled', 'open'] as const) {
          expect(sum(({ targets }) => targets[target]![field])).toBe(total.targets[target]![field]);
        }
      }
    }
  });

  it('comes as CSV by Accept and by format, and no name is a formula', async () => {
    const wanted = await report('&groupBy=team', { accept: 'text/csv' });
    expect([wanted.status, wanted.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const lines = String(wanted.body['text']).split('\r\n');
    expect(lines[0]!.split(',').slice(0, 6)).toEqual([
      'team',
      'team_id',
      'tickets',
      'first_response_met',
      'first_response_breached',
      'first_response_cancelled',
    ]);
    expect(lines[1]).toMatch(new RegExp(`^"'=Second, ""line""",${team},3,3,0,0,0,100,`));
    expect(lines.at(-2)).toMatch(/^total,,5,3,1,1,0,75,/);
    expect(lines.at(-1)).toBe('');
    expect((await report('&groupBy=team&format=csv')).body).toEqual(wanted.body);
    expect((await report('&groupBy=team&format=json', { accept: 'text/csv' })).body['groupBy']).toEqual(['team']);
  });

  it('is empty where nothing was', async () => {
    const { body } = await core.http('/api/v1/sla/reports?from=2020-01-01&to=2020-02-01&groupBy=week');
    expect(body).toMatchObject({
      rows: [],
      total: { tickets: 0, targets: { resolution: { compliancePercent: null } } },
    });
    const theirs = await core.http('/api/v1/sla/reports?from=2026-08-01&to=2026-09-01', { key: core.globex.apiKey });
    expect(theirs.body).toMatchObject({ total: { tickets: 0 } });
  });

  it('counts by the organisation’s days when no zone is told', async () => {
    const key = core.globex.apiKey;
    const json = { settings: { timezone: 'Asia/Kolkata' } };
    await core.http('/api/v1/organisation', { method: 'PATCH', json, key });
    const { body } = await core.http('/api/v1/sla/reports?from=2026-08-01&to=2026-09-01', { key });
    expect(body).toMatchObject({
      timezone: 'Asia/Kolkata',
      from: '2026-07-31T18:30:00.000Z',
      to: '2026-08-31T18:30:00.000Z',
    });
    const { id, createdAt } = (await core.http('/api/v1/tickets', { json: { subject: 'x' }, key })).body;
    const tickets = async (since: string) =>
      (await core.http('/api/v1/sla/policies/backtest', { json: { policy: {}, since }, key })).body['tickets'];
    await core.sql(`UPDATE tickets SET created_at = '2026-07-31T18:30:00Z' WHERE id = $1`, [id]);
    expect([await tickets('2026-08-01'), await tickets('2026-08-01T00:00:00Z')]).toEqual([1, 0]);
    await core.sql('UPDATE tickets SET created_at = $2 WHERE id = $1', [id, createdAt]);
  });

  it('shows a restricted agent their teams only, and contacts nothing', async () => {
    const input = { from: '2026-08-01', to: '2026-09-01' };
    const restricted = randomUUID();
    await core.sql(
      `INSERT INTO agents (org_id, id, email, name, role) VALUES ($1, $2, 'rita@acme.test', 'Rita', 'agent')`,
      [core.acme.id, restricted],
    );
    await core.sql('UPDATE agents SET restricted_to_teams = true WHERE id = $1', [restricted]);
    await core.sql('INSERT INTO team_members SELECT $1, $2, $3, now()', [core.acme.id, team, restricted]);
    const actor = core.actorOf(core.acme, 'agent', { id: restricted, name: 'Rita', teamIds: [team] });
    expect((await core.client.request(getSlaReport, input, { actor })).total.tickets).toBe(3);
    const contact = core.contactOf(core.acme, randomUUID());
    expect((await refusalOf(core.client.request(getSlaReport, input, { actor: contact }))).code).toMatch(
      /FORBIDDEN|UNAUTHORIZED/,
    );
  });

  it.each([
    ['', '/from'],
    ['?from=2026-08-01', '/to'],
    ['?from=2026-08-01&to=2026-08-01', '/to'],
    ['?from=2020-08-01&to=2026-08-01', '/to'],
    ['?from=2026-08-01&to=2026-09-01&groupBy=mood', '/groupBy/0'],
    ['?from=2026-08-01&to=2026-09-01&timezone=Berlin', '/timezone'],
    ['?from=2026-08-01&to=2026-09-01&format=pdf', '/format'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await core.http(`/api/v1/sla/reports${query}`);
    expect([status, (body['errors'] as Json[])[0]!['pointer']]).toEqual([400, pointer]);
  });
});

describe('a backtest', () => {
  const backtest = (json: Json, key?: string) =>
    core.http('/api/v1/sla/policies/backtest', { json, ...(key && { key }) });
  const since = '2026-08-01';

  it('replays past tickets under a proposed policy, page by page, and changes nothing', async () => {
    // Their histories begin when they were really opened: a moment ago. As of August they are hours old.
    for (const id of ids) {
      await core.sql(`UPDATE activities SET at = (SELECT created_at FROM tickets WHERE id = $1) WHERE ticket_id = $1`, [
        id,
      ]);
    }
    const before = await core.sql('SELECT count(*) FROM sla_policies');
    const policy = {
      name: 'Stricter',
      conditions: [{ field: 'priority', operator: 'in', value: ['high', 'urgent'] }],
      resolutionTime: 5 * 24 * 60,
    };
    const whole = await backtest({ policy, since, until: '2026-09-01' });
    expect(whole).toMatchObject({
      status: 200,
      body: {
        tickets: 5,
        applies: 3,
        total: 5,
        nextCursor: null,
        // Nobody ever answered in their histories: what is due has been missed, under either policy.
        rows: [
          { priority: 'high', target: 'first_response', tickets: 3, breached: 3, wouldBeBreached: 0 },
          { priority: 'high', target: 'resolution', tickets: 3, breached: 3, wouldBeBreached: 3 },
        ],
      },
    });
    expect((whole.body['differing'] as Json[]).map(({ target, was, would }) => [target, was, would])).toEqual(
      Array.from({ length: 3 }, () => ['first_response', 'breached', null]),
    );
    const pages = [];
    for (let cursor: unknown = undefined; ;) {
      const { body } = await backtest({ policy, since, until: '2026-09-01', limit: 2, ...(cursor ? { cursor } : {}) });
      pages.push(body);
      cursor = body['nextCursor'];
      if (!cursor) break;
    }
    expect(pages.map(({ tickets, total }) => [tickets, total])).toEqual([
      [2, 5],
      [2, null],
      [1, null],
    ]);
    expect(pages.flatMap(({ differing }) => differing as Json[])).toEqual(whole.body['differing']);
    expect(await core.sql('SELECT count(*) FROM sla_policies')).toEqual(before);
  });

  it('takes a shared calendar, and refuses one that is not there', async () => {
    const hours = { mon: [['09:00', '09:01']] };
    const { body } = await core.http('/api/v1/sla/calendars', { json: { name: 'Hardly', timezone: 'UTC', hours } });
    const policy = { resolutionTime: 60, calendarId: body['id'] };
    const result = await backtest({ policy, since, until: '2026-09-01' });
    // A minute a week: nothing of August is due before next year.
    const late = (result.body['rows'] as Json[]).filter(({ target }) => target === 'resolution');
    expect(late.map(({ wouldBeBreached }) => wouldBeBreached)).toEqual([0, 0]);
    expect(await backtest({ policy: { ...policy, calendarId: randomUUID() }, since })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/policy/calendarId' }] },
    });
    expect((await backtest({ policy, since }, core.globex.apiKey)).status).toBe(400);
  });

  it.each<[string, Json]>([
    ['/policy', { since }],
    ['/since', { policy: {} }],
    ['/since', { policy: {}, since: 'last month' }],
    ['/until', { policy: {}, since, until: '2026-07-01' }],
    ['/policy/resolutionTime', { policy: { resolutionTime: -1 }, since }],
    [
      '/policy/conditions/0/field',
      { policy: { conditions: [{ field: 'mood', operator: 'equals', value: 'x' }] }, since },
    ],
    ['/limit', { policy: {}, since, limit: 1_001 }],
    ['/cursor', { policy: {}, since, cursor: 'x' }],
  ])('refuses a wrong %s', async (pointer, json) => {
    const { status, body } = await backtest(json);
    expect([status, (body['errors'] as Json[])[0]!['pointer']]).toEqual([400, pointer]);
  });
});
