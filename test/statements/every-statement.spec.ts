import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { namedStatements } from './named-statements.js';
import { pretendLarge } from './pretend-large.js';
import type { RunStatement } from './record.js';
import { type PlanNode, type WideScan, wideScansOf } from './wide-scans.js';

// After all integration tests: every statement of ticket-core was run by a test of its owner, and Postgres finds an index for
// whatever it looks up, however large an organisation is.

/** What a desk has by the dozen, however many tickets: read whole, its own part of it. */
const SMALL = new Set([
  'agents',
  'api_keys',
  'canned_responses',
  'custom_fields',
  'mailboxes',
  'running_timers', // one an agent
  'saved_views',
  'sla_calendars',
  'sla_policies',
  'teams',
  'ticket_categories',
  'ticket_counters', // one an organisation
  'ticket_tags',
  'ticket_templates',
]);

/** What else is read wider than asked for, by which statement, of which table or by which index, and why that is right. */
const WIDE: readonly { statements: readonly string[]; of: readonly string[]; why: string }[] = [
  {
    statements: ['tickets.list', 'tickets.count', 'tickets.figures'],
    of: ['tickets', 'sla_clocks', 'ticket_facets', 'ticket_watchers'],
    why: 'one filter leads, of each ticket in the list’s order the others are asked, until the page is full (docs/adr/0023)',
  },
  {
    statements: ['contact-book.walked-older', 'companies.walked-older', 'companies.by-name'],
    of: ['contacts', 'contact_addresses', 'companies', 'company_domains'],
    why: 'one or two letters, or a name in any case, are looked for row by row: no index for that behind row-level security',
  },
  {
    statements: ['contact-book.lock-tickets', 'contact-book.move-tickets', 'categories.used'],
    of: ['tickets_deleted'],
    why: 'the few deleted tickets are looked through when contacts become one or a category goes',
  },
  {
    statements: ['sla.all-open-breaches', 'tags.open-counts'],
    of: ['tickets_queue_by_priority', 'tickets_queue_by_deadline'],
    why: 'all open tickets: their tags are counted; they are asked where the newest breaches are of closed ones',
  },
  {
    statements: ['mailboxes.neighbours'],
    of: ['mailboxes'],
    why: 'all organisations’ few, when somebody gives theirs another address',
  },
  {
    statements: ['dead-letters.list'],
    of: ['dead_letters'],
    why: 'the few events that a consumer gave up on, for who looks after the desk',
  },
  {
    statements: ['inbound.claim', 'search.last-of-few', 'sla.breaches-total'],
    of: ['inbound_mails_waiting', 'search_queue'],
    why: 'a queue, of which only what waits is there to read',
  },
];
const isWide = (statement: string, { table, index }: WideScan) =>
  WIDE.some(({ statements, of }) => statements.includes(statement) && (of.includes(table) || of.includes(index ?? '')));

let run: RunStatement[];
let tables: Set<string>;
let tableOf: Map<string, string>;
let database: TestDatabase;
const as = new Map<string, Client>();

beforeAll(async () => {
  const folder = process.env['STATEMENTS_FOLDER'];
  if (folder === undefined) throw new Error('STATEMENTS_FOLDER is missing: CONTRIBUTING.md says how to run this');
  run = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunStatement),
  );
  database = await createTestDatabase();
  const owner = new Client({ connectionString: database.databaseUrl });
  await owner.connect();
  try {
    await pretendLarge(owner);
    const ofTenants = await owner.query<{ name: string }>(
      `SELECT attrelid::regclass::text AS name FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND attname = 'org_id'`,
    );
    tables = new Set(ofTenants.rows.map(({ name }) => name));
    const indexes = await owner.query<{ index: string; table: string }>(
      `SELECT indexname AS index, tablename AS table FROM pg_indexes WHERE schemaname = 'public'`,
    );
    tableOf = new Map(indexes.rows.map(({ index, table }) => [index, table]));
  } finally {
    await owner.end();
  }
  for (const connectionString of [database.appUrl, database.workerUrl]) {
    const client = new Client({ connectionString });
    await client.connect();
    // What is left is looking up: each table by an index if there is one, and what a join needs row by row.
    for (const way of ['seqscan', 'hashjoin', 'mergejoin', 'material', 'memoize'])
      await client.query(`SET enable_${way} = off`);
    await client.query('SET max_parallel_workers_per_gather = 0');
    as.set(client.user!, client);
  }
}, 60_000);
afterAll(async () => {
  await Promise.all([...as.values()].map((client) => client.end()));
  await database?.drop();
});

/** As it stands in the sources: a composed one carries its text, or is a comment. */
const namesOf = ({ name, text }: RunStatement): string[] =>
  name === '' ? [/^\/\* (\S+) \*\//.exec(text)?.[1] ?? text] : [name, name.replace(/\.[\w-]{22}$/, '')];

/** Wide scans of tables of tenants; for all values alike, as a prepared statement comes to be planned. */
async function wideScans(role: string, text: string): Promise<WideScan[]> {
  const { rows } = await as
    .get(role)!
    .query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
  return wideScansOf(rows[0]!['QUERY PLAN'][0].Plan, tableOf).filter(
    ({ table, ofOrganisation }) => tables.has(table) && !(ofOrganisation && SMALL.has(table)),
  );
}

describe('every statement of ticket-core', () => {
  it('is run by an integration test of its feature, of test/api or of test/documents', () => {
    const specsOf = new Map<string, Set<string>>();
    for (const one of run)
      for (const name of namesOf(one)) specsOf.set(name, (specsOf.get(name) ?? new Set()).add(one.spec));
    const isOwner = (file: string) => (spec: string) =>
      spec.startsWith(`${dirname(file)}/`) || /^test\/(?:api|documents)\//.test(spec);
    const orphans = namedStatements().filter(({ name, file }) => ![...(specsOf.get(name!) ?? [])].some(isOwner(file)));
    expect(orphans.map(({ name, file }) => `${name} (${file}) is run by none`)).toEqual([]);
  });

  it('is named where the sources are searched for it', () => {
    const known = new Set(namedStatements().map(({ name }) => name));
    const unknown = run.filter((one) => !namesOf(one).some((name) => known.has(name)));
    expect([...new Set(unknown.map(({ name, text }) => name || text))]).toEqual([]);
  });

  it('is planned here as it would be in earnest: what has no index is noticed', async () => {
    const ours = 'FROM tickets WHERE org_id = (SELECT current_org()) AND';
    for (const [text, expected] of [
      [`SELECT id ${ours} id = $1`, []],
      [`SELECT id ${ours} subject = $1`, [{ table: 'tickets', index: expect.any(String), ofOrganisation: true }]],
      [`SELECT id ${ours} deleted_at IS NULL ORDER BY created_at DESC LIMIT 9`, []],
      [
        `SELECT id ${ours} deleted_at IS NULL ORDER BY subject LIMIT 9`,
        [expect.objectContaining({ table: 'tickets' })],
      ],
      ['SELECT id FROM tickets ORDER BY description', [expect.objectContaining({ ofOrganisation: true })]],
    ] as const) {
      expect([text, await wideScans('deskwire_app', text)]).toEqual([text, expected]);
    }
    expect(await wideScans('deskwire_worker', 'SELECT 1 FROM tickets WHERE subject = $1')).toMatchObject([
      { table: 'tickets', ofOrganisation: false },
    ]);
  });

  it('finds what it looks up by an index, and reads no table of tenants from end to end', async () => {
    const wide = new Map<string, Set<string>>();
    const excused = new Set<string>();
    for (const one of new Map(run.map((each) => [`${each.role} ${each.text}`, each])).values()) {
      const name = namesOf(one).at(-1)!;
      for (const scan of await wideScans(one.role, one.text)) {
        if (isWide(name, scan)) excused.add(name);
        else {
          const { table, index, ofOrganisation } = scan;
          const told = `${table}${ofOrganisation ? ' of the organisation' : ''} by ${index ?? 'no index'}`;
          wide.set(name, (wide.get(name) ?? new Set()).add(told));
        }
      }
    }
    expect([...wide].map(([name, scans]) => `${name} reads all ${[...scans].join(', ')}`)).toEqual([]);
    // What needs no excuse any more leaves the list.
    expect(WIDE.flatMap(({ statements }) => statements).filter((name) => !excused.has(name))).toEqual([]);
  }, 60_000);
});
