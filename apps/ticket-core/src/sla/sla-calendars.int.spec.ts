import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';

import { TestCore, waitFor } from '../../../../test/support/core.js';

type Json = Record<string, unknown>;
let core: TestCore;
const keys: Record<string, string> = {};
beforeAll(async () => {
  core = await TestCore.start();
  for (const role of ['viewer', 'agent', 'manager'] as const) {
    keys[role] = `dw_${role}_${randomBytes(24).toString('base64url')}`;
    await core.sql(
      `INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), $2, $3, $4)`,
      [core.acme.id, role, createHash('sha256').update(keys[role]).digest(), core.acme.agents[role].id],
    );
  }
}, 60_000);
afterAll(() => core.close());

const PATH = '/api/v1/sla/calendars';
const NOWHERE = '0190c1a2-0000-7000-8000-0000000000aa';
const week = (day: unknown) => ({ mon: day, tue: day, wed: day, thu: day, fri: day });
const office = (more: Json = {}): Json => ({
  name: `Office ${randomBytes(4).toString('hex')}`,
  timezone: 'Europe/Berlin',
  hours: week([
    ['09:00', '12:30'],
    ['13:30', '18:00'],
  ]),
  ...more,
});
const make = async (more: Json = {}) => {
  const { status, body } = await core.http(PATH, { json: office(more) });
  expect([status, body['errors']]).toEqual([201, undefined]);
  return body as Json & { id: string; version: number };
};
const patch = (id: string, json: Json, key?: string) =>
  core.http(`${PATH}/${id}`, { method: 'PATCH', json, ...(key && { key }) });

describe('shared calendars', () => {
  it('are made, read, listed, changed and deleted', async () => {
    const made = await make({
      name: 'Munich',
      holidays: ['2026-12-31', { date: '2026-11-30', name: 'Works outing' }],
      exceptions: { '2026-12-24': [['09:00', '12:00']] },
      country: 'de',
      region: 'by',
    });
    expect(made).toMatchObject({
      name: 'Munich',
      timezone: 'Europe/Berlin',
      holidays: [
        { date: '2026-12-31', name: null },
        { date: '2026-11-30', name: 'Works outing' },
      ],
      country: 'DE',
      region: 'BY',
      version: 1,
      policies: [],
    });
    const { id } = made;
    expect((await core.http(`${PATH}/${id}`)).body).toEqual(made);
    expect((await core.http(PATH)).body['items']).toContainEqual(made);
    const changed = await patch(id, { timezone: 'Europe/Vienna', country: 'AT' });
    // Another country has other regions.
    expect(changed).toMatchObject({
      status: 200,
      body: { timezone: 'Europe/Vienna', country: 'AT', region: null, version: 2 },
    });
    expect((await patch(id, { country: 'AT' })).body).toEqual(changed.body); // changes nothing, makes no version
    expect(await core.http(`${PATH}/${id}`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await core.http(`${PATH}/${id}`)).status).toBe(404);
    expect((await core.http(`${PATH}/${id}`, { method: 'DELETE' })).status).toBe(404);
    const audit = await core.sql<{ action: string; actor_name: string }>(
      `SELECT action FROM audit_entries WHERE subject_type = 'sla_calendar' AND subject_id = $1 ORDER BY at, id`,
      [id],
    );
    expect(audit.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted']);
    // Its name is free again.
    await make({ name: 'munich' });
  });

  it.each<[string, Json]>([
    ['/name', { name: ' ' }],
    ['/name', { name: 'x'.repeat(201) }],
    ['/timezone', { timezone: 'Berlin' }],
    ['/hours/mon/0', { hours: { mon: [['18:00', '09:00']] } }],
    [
      '/hours/tue',
      {
        hours: {
          tue: [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
    ],
    ['/hours', { hours: {} }],
    ['/hours', { hours: { mon: [] }, exceptions: { '2026-12-24': [['09:00', '12:00']] } }],
    ['/holidays/0', { holidays: ['2026-02-30'] }],
    ['/country', { country: 'DEU' }],
    ['/country', { country: 'XX' }],
    ['/country', { region: 'BY' }],
    ['/region', { country: 'DE', region: 'ZZ' }],
    ['/region', { country: 'DE', region: 'BY/ZZ' }],
    ['/exceptions/christmas', { exceptions: { christmas: [] } }],
    ['', { colour: 'red' }],
  ])('are refused at %s: %j', async (pointer, json) => {
    const { status, body } = await core.http(PATH, { json: office(json) });
    expect([status, body['code']]).toEqual([400, 'BAD_REQUEST']);
    const [problem] = body['errors'] as { pointer: string }[];
    expect(problem!.pointer.startsWith(pointer)).toBe(true);
  });

  it('have open hours in every year', async () => {
    const day = (index: number) => new Date(Date.UTC(2027, 0, 1 + index)).toISOString().slice(0, 10);
    const holidays = Array.from({ length: 370 }, (_, index) => day(index));
    expect(await core.http(PATH, { json: office({ holidays }) })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer: '/holidays' }] },
    });
    const { id } = await make();
    expect(await patch(id, { holidays })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/holidays' }] } });
    expect((await core.http(`${PATH}/${id}`)).body).toMatchObject({ holidays: [], version: 1 });
  });

  it('have names of their own, and are no business of other organisations', async () => {
    const { id, name } = await make();
    expect(await core.http(PATH, { json: office({ name: String(name).toUpperCase() }) })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', errors: [{ pointer: '/name' }] },
    });
    const other = await make();
    expect(await patch(other.id, { name })).toMatchObject({ status: 409 });
    expect((await patch(id, { name: String(name).toUpperCase() })).status).toBe(200);
    const globex = { key: core.globex.apiKey };
    expect((await core.http(`${PATH}/${id}`, globex)).status).toBe(404);
    expect((await core.http(`${PATH}/${id}`, { method: 'DELETE', ...globex })).status).toBe(404);
    expect((await patch(id, { name: 'theirs' }, core.globex.apiKey)).status).toBe(404);
    expect((await core.http(`${PATH}/${id}/open-hours?from=2026-01-01&to=2026-01-02`, globex)).status).toBe(404);
    expect(
      (await core.http('/api/v1/sla/policies', { json: { name: 'x', calendarId: id }, ...globex })).body,
    ).toMatchObject({
      code: 'BAD_REQUEST',
      errors: [{ pointer: '/calendarId' }],
    });
    expect((await core.http(PATH, { json: office({ name }), ...globex })).status).toBe(201);
  });

  it('are changed by managers, and read by all agents', async () => {
    const { id } = await make();
    for (const role of ['viewer', 'agent']) {
      const key = keys[role]!;
      expect((await core.http(PATH, { key })).status).toBe(200);
      expect((await core.http(`${PATH}/${id}`, { key })).status).toBe(200);
      expect(await core.http(PATH, { key, json: office() })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
      expect((await patch(id, { name: 'x' }, key)).status).toBe(403);
      expect((await core.http(`${PATH}/${id}`, { method: 'DELETE', key })).status).toBe(403);
    }
    expect((await patch(id, { hours: { mon: [['10:00', '12:00']] } }, keys['manager'])).status).toBe(200);
    expect((await core.http(PATH, { key: '' })).status).toBe(401);
  });

  it('make one of a request that is sent twice', async () => {
    const json = office();
    const init = { json, headers: { 'idempotency-key': 'calendar-once' } };
    const [first, second] = [await core.http(PATH, init), await core.http(PATH, init)];
    expect(second.body).toEqual(first.body);
  });
});

describe('the preview of open hours', () => {
  it('shows each day, with half-days, named holidays and days that are longer or shorter', async () => {
    const { id } = await make({
      country: 'DE',
      region: 'BY',
      holidays: [{ date: '2026-12-28', name: 'Stocktaking' }],
      exceptions: { '2026-12-24': [['09:00', '12:00']] },
    });
    const { body } = await core.http(`${PATH}/${id}/open-hours?from=2026-12-23T23:00:00Z&to=2026-12-29T23:00:00Z`);
    const days = body['days'] as {
      date: string;
      openMs: number;
      holiday: string | null;
      weekday: string;
      open: Json[];
    }[];
    expect(days.map((day) => [day.date, day.weekday, day.openMs / 3_600_000, day.holiday])).toEqual([
      ['2026-12-24', 'thu', 3, null],
      ['2026-12-25', 'fri', 0, 'Christmas Day'],
      ['2026-12-26', 'sat', 0, 'Boxing Day'],
      ['2026-12-27', 'sun', 0, null],
      ['2026-12-28', 'mon', 0, 'Stocktaking'],
      ['2026-12-29', 'tue', 8, null],
    ]);
    expect(days[5]!.open).toEqual([
      { from: '2026-12-29T08:00:00.000Z', to: '2026-12-29T11:30:00.000Z' },
      { from: '2026-12-29T12:30:00.000Z', to: '2026-12-29T17:00:00.000Z' },
    ]);
    expect(body).toMatchObject({ timezone: 'Europe/Berlin', openMs: 11 * 3_600_000 });

    // Years are looked up as they are asked for, however far away.
    const far = await core.http(`${PATH}/${id}/open-hours?from=2041-12-25&to=2041-12-27`);
    expect(far.body['days']).toMatchObject([{ holiday: 'Christmas Day' }, { holiday: 'Boxing Day' }]);
    // Days are Berlin's.
    expect(far.body).toMatchObject({ from: '2041-12-24T23:00:00.000Z', to: '2041-12-26T23:00:00.000Z' });

    const night = await make({ hours: { sun: [['00:00', '24:00']] } });
    const long = await core.http(`${PATH}/${night.id}/open-hours?from=2026-03-28T23:00:00Z&to=2026-10-26T00:00:00Z`);
    const hours = (long.body['days'] as typeof days).filter(({ openMs }) => openMs > 0);
    expect([hours[0]!.openMs / 3_600_000, hours.at(-1)!.openMs / 3_600_000]).toEqual([23, 25]);
  });

  it.each([
    ['from=2026-12-24', '/to'],
    ['from=2026-12-24&to=2026-12-24', '/to'],
    ['from=2026-12-24&to=2028-12-24', '/to'],
    ['from=yesterday&to=2026-12-24', '/from'],
  ])('refuses %s', async (query, pointer) => {
    const { id } = await make();
    expect(await core.http(`${PATH}/${id}/open-hours?${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });
});

describe('policies with a shared calendar', () => {
  const policies = '/api/v1/sla/policies';
  const makePolicy = async (json: Json) => {
    const { status, body } = await core.http(policies, { json: { priority: 50, ...json } });
    expect([status, body['errors']]).toEqual([201, undefined]);
    return body as Json & { id: string; version: number };
  };
  const tracking = async (id: string) =>
    (await core.http(`/api/v1/tickets/${id}/sla`)).body as { tracking: Json; clocks: Json[]; explanation: string[] };
  const openTicket = async (tag: string) =>
    String((await core.http('/api/v1/tickets', { json: { subject: 'x', tags: [tag] } })).body['id']);
  const tagged = (tag: string) => [{ field: 'tags', operator: 'contains', value: tag }];
  /** Open around the clock on every day, so that only what is changed makes a difference whenever the test runs. */
  const always = Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
  );

  it('keep it with each ticket, follow its changes with progress, and hold it against deletion', async () => {
    const calendar = await make({ hours: always, timezone: 'UTC' });
    const policy = await makePolicy({
      name: 'Shared hours',
      conditions: tagged('shared'),
      resolutionMinutes: 7 * 24 * 60,
      calendarId: calendar.id,
    });
    expect(policy).toMatchObject({ calendar: null, calendar_id: calendar.id });
    const ids = await Promise.all([openTicket('shared'), openTicket('shared'), openTicket('shared')]);
    const before = await tracking(ids[0]);
    const due = Date.parse(String(before.tracking['resolution_due']));
    const [kept] = await core.sql<{ initial_rules: { calendar: Json } }>(
      'SELECT initial_rules FROM sla_trackings WHERE ticket_id = $1',
      [ids[0]],
    );
    expect(kept!.initial_rules.calendar).toMatchObject({ name: calendar['name'], timezone: 'UTC' });

    expect(await core.http(`${PATH}/${calendar.id}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: {
        code: 'CONFLICT',
        title: 'That conflicts with what is there',
        detail: expect.stringContaining('“Shared hours”') as unknown,
      },
    });

    // The day after tomorrow becomes a holiday: everything is due a day later.
    const holiday = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const changed = await patch(calendar.id, { holidays: [{ date: holiday, name: 'Founders’ Day' }] });
    expect(changed.body['policies']).toMatchObject([
      { id: policy.id, name: 'Shared hours', version: 2, openTickets: { state: 'waiting' } },
    ]);
    const done = await waitFor(async () => {
      const { body } = await core.http(`${PATH}/${calendar.id}`);
      const [user] = body['policies'] as { openTickets: Json }[];
      return user!.openTickets['state'] === 'done' && user!.openTickets;
    }, 'the open tickets to follow');
    expect(done).toMatchObject({ changed: 3 });
    for (const id of ids) {
      const after = await tracking(id);
      expect(after.tracking['policy_version']).toBe(2);
      expect(after.explanation.at(-1)).toContain(`${holiday} Founders’ Day`);
    }
    expect(Date.parse(String((await tracking(ids[0])).tracking['resolution_due'])) - due).toBe(86_400_000);
    // Who changed what: the policy's own history says that it was its calendar.
    const { body: changes } = await core.http(`${policies}/${policy.id}/changes`);
    expect((changes['items'] as Json[])[0]).toMatchObject({
      version: 2,
      what: 'updated',
      changes: [{ field: 'sharedCalendar', from: { version: 1 }, to: { version: 2 } }],
      openTickets: { state: 'done', changed: 3 },
    });
    // What was kept at the beginning stays.
    const [stillKept] = await core.sql<{ initial_rules: { calendar: Json } }>(
      'SELECT initial_rules FROM sla_trackings WHERE ticket_id = $1',
      [ids[0]],
    );
    expect(stillKept).toEqual(kept);

    // Another name moves no clock.
    expect((await patch(calendar.id, { name: `${String(calendar['name'])}!` })).body['policies']).toMatchObject([
      { version: 2 },
    ]);

    // Hours of its own take the place of the shared ones, and the other way round.
    const own = await core.http(`${policies}/${policy.id}`, {
      method: 'PATCH',
      json: { calendar: { timezone: 'UTC', hours: always } },
    });
    expect(own.body).toMatchObject({ calendar: { timezone: 'UTC' }, calendar_id: null });
    expect((await core.http(`${PATH}/${calendar.id}`, { method: 'DELETE' })).status).toBe(200);
    const back = await core.http(`${policies}/${policy.id}`, { method: 'PATCH', json: { calendarId: calendar.id } });
    expect(back).toMatchObject({ status: 400, body: { errors: [{ pointer: '/calendarId' }] } });
    expect((await core.http(policies, { json: { name: 'x', calendarId: NOWHERE } })).body).toMatchObject({
      errors: [{ pointer: '/calendarId' }],
    });
    const other = await make();
    const swapped = await core.http(`${policies}/${policy.id}`, { method: 'PATCH', json: { calendarId: other.id } });
    expect(swapped.body).toMatchObject({ calendar: null, calendar_id: other.id });
    await core.http(`${policies}/${policy.id}`, { method: 'DELETE' });
    expect((await core.http(`${PATH}/${other.id}`, { method: 'DELETE' })).status).toBe(200);
  }, 30_000);

  it('reckon with a country’s holidays, years ahead', async () => {
    const calendar = await make({ country: 'DE', region: 'BY', hours: always, timezone: 'Europe/Berlin' });
    const policy = await makePolicy({
      name: 'Bavarian',
      conditions: tagged('bavarian'),
      resolutionMinutes: 370 * 24 * 60,
      calendarId: calendar.id,
    });
    const id = await openTicket('bavarian');
    const { clocks, explanation } = await tracking(id);
    const [clock] = clocks as { startedAt: string; dueAt: string; targetMs: number }[];
    const year = new Date().getUTCFullYear();
    // In any stretch of 370 days there are at least the twelve holidays of Bavaria.
    expect(Date.parse(clock!.dueAt) - Date.parse(clock!.startedAt) - clock!.targetMs).toBeGreaterThanOrEqual(
      11 * 86_400_000,
    );
    expect(explanation[0]).toContain('closed on ');
    expect(explanation[0]).toMatch(new RegExp(`(${year}|${year + 1})-\\d\\d-\\d\\d [A-Z]`));
    await core.http(`${policies}/${policy.id}`, { method: 'DELETE' });
  });

  it('whoever refers to a calendar and whoever deletes it do not miss each other', async () => {
    const calendar = await make();
    const [made, removed] = await Promise.all([
      core.http(policies, { json: { name: 'race', enabled: false, calendarId: calendar.id } }),
      core.http(`${PATH}/${calendar.id}`, { method: 'DELETE' }),
    ]);
    expect([
      [201, 409],
      [400, 200],
    ]).toContainEqual([made.status, removed.status]);
  });
});
