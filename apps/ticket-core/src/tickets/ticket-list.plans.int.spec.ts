import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { listTicketsInput, SLA_STATES, TICKET_SORTS, type TicketSort } from '#shared/contracts/ticket-lists.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { Tx } from '../database/database.js';
import { seedOrganisation } from '../database/seed-acme.js';
import type { Statement } from '../database/statement.js';
import { CountFiltered } from './count-filtered.js';
import { TicketFiguresRepository } from './ticket-figures.repository.js';
import { ticketFilterOf } from './ticket-filter.js';
import { SORT_KEYS, TicketListRepository } from './ticket-list.repository.js';
import { TicketSearchRepository } from './ticket-search.repository.js';

/**
 * What Postgres does for each list, search and statistic, asked of Postgres as the service's role: with 20,000 tickets of
 * one organisation among others, nothing reads a table of tenants from end to end.
 */
let database: TestDatabase;
let app: Client;
let orgId: string;
let ids: { contact: string; agent: string; team: string; company: string };
const explained: { name: string; text: string; scans: string[]; indexes: string[] }[] = [];

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}
const seqScansOf = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] ? [plan['Relation Name']] : []),
  ...(plan.Plans ?? []).flatMap(seqScansOf),
];

const indexesOf = (plan: Plan): string[] => [
  ...(plan['Index Name'] ? [plan['Index Name']] : []),
  ...(plan.Plans ?? []).flatMap(indexesOf),
];

/** Every statement is explained before it runs, with the values that it runs with. */
const tx: Tx = {
  async query<Row extends object>({ name, text }: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await app.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(`EXPLAIN (FORMAT JSON) ${text}`, [...values]);
    const plan = rows[0]!['QUERY PLAN'][0]!.Plan;
    explained.push({ name, text, scans: seqScansOf(plan), indexes: indexesOf(plan) });
    return (await app.query<Row>({ name, text, values: [...values] })).rows;
  },
  afterCommit() {},
};

/** Small tables of settings, of which one page is read whatever the number of tickets. */
const MAY_BE_READ_WHOLE = new Set(['organisations', 'agents', 'teams']);
const COUNTED = new Set(['status', 'closed', 'priority', 'contact', 'contactEmail', 'number', 'rare word', 'deleted']);
const search = new TicketSearchRepository();
const lists = new TicketListRepository(search);
const actor = () =>
  ({ orgId, kind: 'agent', id: ids.agent, name: 'Bea', role: 'admin', teamIds: null, surface: 'api' }) as const;

async function list(query: object, sort: TicketSort = 'created', descending = true): Promise<void> {
  const { sort: _, limit: __, total: ___, cursor: ____, ...filters } = listTicketsInput.parse(query);
  const filter = ticketFilterOf(actor(), filters, 'Europe/Berlin');
  const known = await lists.lookUp(tx, filter);
  const order = { sort, descending, after: null, limit: 26 };
  await app.query('BEGIN');
  const rows = await lists.page(tx, filter, known, order);
  const after = rows.at(-1)?.sort_keys;
  if (after) await lists.page(tx, filter, known, { ...order, after: after.slice(0, SORT_KEYS[sort].length) });
  await app.query('COMMIT');
}

const seqScans = async (work: () => Promise<unknown>): Promise<string[]> => {
  explained.length = 0;
  await work();
  expect(explained.length).toBeGreaterThan(0);
  return explained.flatMap(({ name, text, scans }) =>
    scans.filter((table) => !MAY_BE_READ_WHOLE.has(table)).map((table) => `${table} in ${name}: ${text}`),
  );
};

beforeAll(async () => {
  // Plain JavaScript, as the command `npm run seed` runs it.
  const { fillTickets, prepare } = await import('../../../../scripts/seed/fill-organisation.mjs');
  database = await createTestDatabase();
  const owner = new Client({ connectionString: database.databaseUrl });
  await owner.connect();
  try {
    await prepare(owner);
    for (const [slug, tickets] of [
      ['small', 300],
      ['other', 1_500],
      ['large', 20_000],
    ] as const) {
      orgId = await seedOrganisation(database.databaseUrl, {
        slug,
        name: slug,
        apiKey: null,
        mailDomain: `${slug}.test`,
      });
      await fillTickets(owner, orgId, tickets, 1);
    }
    const { rows } = await owner.query<typeof ids>(
      `SELECT t.contact_id AS contact, t.assignee_id AS agent, t.team_id AS team, c.company_id AS company FROM tickets t JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
       WHERE t.org_id = $1 AND t.assignee_id IS NOT NULL AND t.team_id IS NOT NULL LIMIT 1`,
      [orgId],
    );
    ids = rows[0]!;
    // Tables of two pages are read whole by anybody in their right mind.
    await owner.query(
      `INSERT INTO contact_addresses SELECT $1, 'address' || n || '@home.example', $2, now() FROM generate_series(1, 5000) n`,
      [orgId, ids.contact],
    );
    await owner.query(
      `INSERT INTO companies (org_id, id, name, created_at, updated_at)
       SELECT $1, gen_random_uuid(), 'Company ' || n, now(), now() FROM generate_series(1, 5000) n`,
      [orgId],
    );
    await owner.query('ANALYZE');
  } finally {
    await owner.end();
  }
  app = new Client({ connectionString: database.appUrl });
  await app.connect();
  await app.query(`SELECT set_config('app.org_id', $1, false)`, [orgId]);
}, 180_000);
afterAll(async () => {
  await app.end();
  await database.drop();
});

describe('no table of tenants is read from end to end', () => {
  it('is a test that would notice', async () => {
    await app.query('SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off');
    expect((await seqScans(() => list({}))).length).toBeGreaterThan(0);
    await app.query('RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan');
  });

  it.each(TICKET_SORTS.flatMap((sort) => [[sort, true] as const, [sort, false] as const]))(
    'by any list in the order %s (descending: %s)',
    async (sort, descending) => {
      expect(await seqScans(() => list({}, sort, descending))).toEqual([]);
      expect(await seqScans(() => list({ status: 'open' }, sort, descending))).toEqual([]);
    },
  );

  const filters = (): Record<string, object> => ({
    status: { status: 'open,pending' },
    closed: { status: 'closed' },
    priority: { priority: 'critical,low' },
    category: { category: 'billing,nothing' },
    source: { source: 'alert' },
    kind: { kind: 'Device offline' },
    assignee: { assigneeId: `me,none` },
    unassigned: { unassigned: true },
    assigned: { unassigned: false },
    team: { teamId: [ids.team, 'none'] },
    creator: { creatorId: ids.agent },
    contact: { contactId: ids.contact },
    contactEmail: { contactEmail: 'nobody@customer.example' },
    company: { companyId: ids.company },
    tag: { tag: 'vip,legal' },
    tagAll: { tagAll: 'vip,regression' },
    'rare tag': { tag: 'legal' },
    field: { customFields: { plan: 'gold' } },
    entity: { entity: 'device:pump-7' },
    number: { number: '7,8' },
    created: { createdFrom: '2026-01-01', createdTo: '2026-01-02' },
    updated: { updatedFrom: '2026-01-01', updatedTo: '2026-01-02' },
    resolved: { resolvedFrom: '2026-01-01', resolvedTo: '2026-01-02' },
    watching: { watching: 'me' },
    deleted: { deleted: true },
    'common word': { text: 'printer' },
    'rare word': { text: 'marmalade' },
    'no word': { text: 'xyzzy' },
    several: { status: 'open', priority: 'high', tag: 'vip', text: 'printer' },
    ...Object.fromEntries(SLA_STATES.map((sla) => [`sla ${sla}`, { sla }])),
  });

  it('by any filter of the list, in the order of creation and of the last change, and when all are counted', async () => {
    for (const [name, query] of Object.entries(filters())) {
      expect([name, await seqScans(() => list(query))]).toEqual([name, []]);
      expect([name, await seqScans(() => list(query, 'updated'))]).toEqual([name, []]);
      const count = async () => {
        const { sort: _, limit: __, total: ___, cursor: ____, ...rest } = listTicketsInput.parse(query);
        const filter = ticketFilterOf(actor(), rest, 'UTC');
        const known = await lists.lookUp(tx, filter);
        await lists.count(tx, filter, known, 1_000);
      };
      // A count of a twentieth of a table that is nearly all one organisation’s may well read it; these may not.
      if (COUNTED.has(name)) expect([name, await seqScans(count)]).toEqual([name, []]);
    }
  }, 30_000);

  it('by lists in another order, which are read in that order where many match', async () => {
    const walked = () => explained.some(({ name }) => name === 'tickets.sorting');
    for (const [query, sort, inOrder] of [
      [{ status: 'closed' }, '-updated', true],
      [{ status: 'closed' }, 'status', true],
      [{ assigneeId: ids.agent }, 'updated', true],
      [{ sla: 'breached' }, '-messageCount', true],
      [{ status: 'open', priority: 'urgent', assigneeId: ids.agent }, 'updated', false],
      [{ contactId: ids.contact }, 'updated', false],
    ] as const) {
      const descending = sort.startsWith('-');
      expect(await seqScans(() => list(query, sort.replace('-', '') as TicketSort, descending))).toEqual([]);
      expect([query, sort, walked()]).toEqual([query, sort, inOrder]);
    }
    // Read in order or gathered: the same tickets.
    const filter = ticketFilterOf(actor(), { assigneeId: [ids.agent] }, 'UTC');
    const order = { sort: 'updated', descending: true, after: null, limit: 40 } as const;
    const page = await lists.page(tx, filter, await lists.lookUp(tx, filter), order);
    const { rows } = await app.query<{ number: number }>(
      `SELECT number FROM tickets WHERE assignee_id = $1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 40`,
      [ids.agent],
    );
    expect(page.map(({ number }) => number)).toEqual(rows.map(({ number }) => number));
  });

  it.each([
    [{ status: 'open' }, 'slaDeadline', 'tickets_queue_by_deadline'],
    [{ status: 'open' }, '-slaDeadline', 'tickets_queue_by_deadline'],
    [{ status: 'open,in_progress,pending,on_hold' }, 'slaDeadline', 'tickets_queue_by_deadline'],
    [{ status: 'open', source: 'email' }, 'slaDeadline', 'tickets_queue_by_deadline'],
    [{ status: 'open' }, 'priority', 'tickets_queue_by_priority'],
    [{ status: 'open,pending' }, '-priority', 'tickets_queue_by_priority'],
  ] as const)('by the queue: %j in the order %s is read from %s', async (query, sort, index) => {
    const descending = sort.startsWith('-');
    const order = { sort: sort.replace('-', '') as TicketSort, descending };
    expect(await seqScans(() => list(query, order.sort, descending))).toEqual([]);
    const pages = explained.filter(({ name }) => name.startsWith('tickets.list'));
    expect(pages.length).toBeGreaterThan(0);
    for (const { indexes } of pages) expect(indexes).toContain(index);
    // Read from the queue's index or gathered: the same tickets.
    const filter = ticketFilterOf(actor(), { status: query.status.split(',') as 'open'[] }, 'UTC');
    const page = await lists.page(tx, filter, await lists.lookUp(tx, filter), { ...order, after: null, limit: 300 });
    const direction = descending ? 'DESC' : 'ASC';
    const by =
      order.sort === 'priority'
        ? `array_position('{low,medium,high,urgent}', priority) ${direction}, created_at ${direction}`
        : `sla_deadline ${direction} NULLS LAST`;
    const { rows } = await app.query<{ number: number }>(
      `SELECT number FROM tickets WHERE status = ANY($1) AND deleted_at IS NULL ORDER BY ${by}, id ${direction} LIMIT 300`,
      [query.status.split(',')],
    );
    expect(page.map(({ number }) => number)).toEqual(rows.map(({ number }) => number));
  });

  it('by the list of an agent who is restricted to teams', async () => {
    const filter = { ...ticketFilterOf(actor(), {}, 'UTC'), onlyTeams: { teamIds: [ids.team], agentId: ids.agent } };
    const known = await lists.lookUp(tx, filter);
    const order = { sort: 'created', descending: true, after: null, limit: 26 } as const;
    expect(await seqScans(() => lists.page(tx, filter, known, order))).toEqual([]);
  });

  it('by a search', async () => {
    for (const typed of ['printer', 'marmalade', '"white page" -VPN', 'xyzzy', '7']) {
      const work = async () => {
        const filter = ticketFilterOf(actor(), {}, 'UTC');
        const query = (await search.queryOf(tx, typed))!;
        const candidates = await search.newestMatches(tx, query, 300);
        await search.best(tx, filter, await lists.lookUp(tx, filter), { candidates, query, number: 7, limit: 20 });
        await search.similarWords(tx, typed, 3);
        await search.isWord(tx, typed);
      };
      expect([typed, await seqScans(work)]).toEqual([typed, []]);
    }
    // What runs inside of the functions that look in by the search index.
    const inside = async (text: string) => {
      await app.query('SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off');
      const { rows } = await app.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`);
      await app.query('RESET enable_seqscan; RESET enable_indexscan; RESET enable_indexonlyscan');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    // As the service’s role the index is of no use: that is why those functions are the owner’s.
    expect(
      await inside(`SELECT 1 FROM ticket_search WHERE org_id = current_org() AND document @@ 'marmalade'`),
    ).not.toMatch(/Index Cond: .*@@/);
  });

  it('by statistics of filtered tickets', async () => {
    const filter = ticketFilterOf(actor(), { tag: ['legal'] }, 'UTC');
    const counting = new CountFiltered(lists, new TicketFiguresRepository());
    expect(await seqScans(() => counting.execute(tx, filter, 'UTC', true))).toEqual([]);
  });
});
