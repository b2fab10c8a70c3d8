import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { claimMails } from '#shared/contracts/mail-in.js';
import { postMessage } from '#shared/contracts/messages.js';
import { claimPost } from '#shared/contracts/posts.js';
import { openTicket } from '#shared/contracts/tickets.js';
import { TestCore, type TestOrganisation } from '../../../../test/support/core.js';

let core: TestCore;
let app: Client;
let worker: Client;
let tables: { name: string; tenant: boolean; secured: boolean; forced: boolean }[];

beforeAll(async () => {
  core = await TestCore.start();
  for (const org of [core.acme, core.globex]) await fill(org);
  app = new Client({ connectionString: core.database.appUrl });
  worker = new Client({ connectionString: core.database.workerUrl });
  await Promise.all([app.connect(), worker.connect()]);
  // From the catalogue, so that a table that somebody adds is tested without anybody thinking of it.
  tables = await core.sql(
    `SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) AS tenant
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
}, 60_000);
afterAll(async () => {
  await Promise.all([app.end(), worker.end()]);
  await core.close();
});

/** A row of each kind in an organisation. */
async function fill(org: TestOrganisation): Promise<void> {
  const actor = core.actorOf(org);
  const ticket = await core.client.request(
    openTicket,
    { subject: 'x', contactEmail: 'casey@customer.example' },
    { actor },
  );
  const { id } = await core.client.request(postMessage, { ticket: ticket.id, content: 'x' }, { actor });
  await core.client.request(
    claimPost,
    { surface: 'slack', key: 'card', ticketId: ticket.id, leaseMs: 1_000 },
    { actor },
  );
  await core.http('/api/v1/tickets', { json: { subject: 'y' }, headers: { 'idempotency-key': 'k' }, key: org.apiKey });
  await core.http('/api/v1/sla/policies', { json: { name: 'z' }, key: org.apiKey });
  await core.sql(
    `INSERT INTO attachments SELECT $1, gen_random_uuid(), $2, 'a', 'text/plain', 1, 'a', NULL, false, 'a'`,
    [org.id, id],
  );
  await core.sql(
    `INSERT INTO inbound_mails (org_id, id, sender, envelope, raw, sha256, size_bytes, received_at, state, disposition)
     VALUES ($1, gen_random_uuid(), 'a', '{}', 'a', 'a', 1, now(), 'filed', 'duplicate')`,
    [org.id],
  );
  const agent = org.agents.agent.id;
  for (const row of [
    `teams SELECT $1, $2, 'Team', 'team', '', now(), now(), NULL`,
    `team_members SELECT $1, $2, $3, now()`,
    `companies SELECT $1, $2, 'Company', '', now(), now(), NULL`,
    `company_domains SELECT $1, 'company.example', $2`,
    `contact_addresses SELECT $1, 'other@customer.example', contact_id, now() FROM tickets WHERE id = $4`,
    `audit_entries SELECT $1, $2, 'created', 'team', $2, 'Team', 'agent', $3, 'Bea', 'api', NULL, NULL, now()`,
    `ticket_links SELECT $1, $2, $4, id, 'relates_to', now() FROM tickets WHERE org_id = $1 AND id <> $4`,
    `ticket_watchers SELECT $1, $4, $3, now() ON CONFLICT DO NOTHING`,
    `notifications SELECT $1, $2, $3, $4, 'assigned', NULL, 'Bea', now(), NULL`,
    `ticket_merges SELECT $1, $2, $4, $4, '{}', now(), NULL`,
    `ticket_tags SELECT $1, $2, 'vip', '#ef4444', NULL, now(), now(), NULL`,
    `ticket_categories SELECT $1, $2, 'general', 0, now(), now(), NULL`,
    `custom_fields SELECT $1, $2, 'plan', 'Plan', 'text', '{}', false, 0, now(), now(), NULL`,
    `canned_responses SELECT $1, $2, 'Hello', NULL, 'Hello', NULL, 0, NULL, $3, now(), now(), NULL`,
    `ticket_templates SELECT $1, $2, 'Hello', '', NULL, '{}', 0, $3, now(), now(), NULL`,
    `saved_views SELECT $1, $2, 'Mine', $3, NULL, '{}', 0, now(), now(), NULL`,
    `ticket_rewordings SELECT $1, $2, 'tag', $2, 'vip', NULL, '{}', NULL, 0, now(), now(), now()`,
    `time_entries SELECT $1, $2, $4, $3, 30, '', true, now(), NULL, NULL, now(), now(), NULL`,
    `sla_calendars SELECT $1, $2, 1, '{"name":"Office"}', now(), now(), NULL`,
    `sla_escalations SELECT $1, $4, 'resolution', 1, 1, now(), '{}', NULL, NULL`,
    `time_totals SELECT $1, 'all', '-infinity', $3, true, true, 1, 30`,
    `running_timers SELECT $1, $3, $4, '', true, now()`,
    `ticket_facets SELECT $1, 'tag:x', now(), $4`,
    // Nobody takes this one: it waits for ever.
    `search_queue OVERRIDING SYSTEM VALUE SELECT nextval('search_queue_id_seq'), $1, $4, true, 0, 'infinity'`,
    `search_words SELECT $1, 'word'`,
    `written_words SELECT $1, 'beginning'`,
    `ticket_search SELECT $1, $2, 1, 0, 'word'`,
    `ticket_counted SELECT $1, $2, now(), NULL, NULL, '{}'`,
    `ticket_counts SELECT $1, now(), 'some', 1`,
  ]) {
    // Every row has the same four to choose from: organisation, an id, an agent, a ticket.
    await core.sql(`WITH known AS (SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid) INSERT INTO ${row}`, [
      org.id,
      org.id,
      agent,
      ticket.id,
    ]);
  }
  await core.sql(`INSERT INTO filed_mails VALUES ($1, 'key', gen_random_uuid())`, [org.id]);
  await core.sql(`INSERT INTO acknowledgements VALUES ($1, 'a@b.example', now())`, [org.id]);
}

const asAcme = async <T>(work: () => Promise<T>): Promise<T> => {
  await app.query(`BEGIN; SELECT set_config('app.org_id', '${core.acme.id}', true)`);
  try {
    return await work();
  } finally {
    await app.query('ROLLBACK');
  }
};
/** What only says that two things belong together, or runs, or follows from the history; everything else is kept. */
const MAY_REMOVE = new Set([
  'company_domains',
  'contact_addresses',
  'running_timers',
  'sla_clocks',
  'team_members',
  'ticket_links',
  'ticket_watchers',
]);
/** The SQLSTATE of what the statement is refused with. */
const stateOf = (work: Promise<unknown>) =>
  work.then(
    () => 'not refused',
    (error: { code: string }) => error.code,
  );

describe('the wall between organisations', () => {
  it('stands around every table but the migrations', () => {
    expect(tables.length).toBeGreaterThan(20);
    for (const { name, secured, forced } of tables) {
      if (name !== 'schema_migrations') expect([name, secured, forced]).toEqual([name, true, true]);
    }
    expect(tables.filter(({ tenant }) => !tenant).map(({ name }) => name)).toEqual([
      'organisations',
      'schema_migrations',
    ]);
  });

  it('stands where Postgres plans as for a large organisation, whatever the average is (ADR 23)', async () => {
    const others = await core.sql(
      `SELECT c.relname AS name, a.attoptions AS options FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attoptions IS DISTINCT FROM '{n_distinct=20}'`,
    );
    expect(others).toEqual([]);
  });

  it('hides every row of another organisation from the service’s role', async () => {
    for (const { name } of tables.filter(({ tenant, name: table }) => tenant && table !== 'dead_letters')) {
      const [all] = await core.sql<{ theirs: string }>(`SELECT count(*) AS theirs FROM ${name} WHERE org_id = $1`, [
        core.globex.id,
      ]);
      expect([name, Number(all!.theirs) > 0]).toEqual([name, true]); // or the test would see nothing either
      const seen = await asAcme(() => app.query<{ org_id: string }>(`SELECT DISTINCT org_id FROM ${name}`));
      expect([name, seen.rows]).toEqual([name, [{ org_id: core.acme.id }]]);
    }
    const organisations = await asAcme(() => app.query('SELECT id FROM organisations'));
    expect(organisations.rows).toEqual([{ id: core.acme.id }]);
  });

  it('shows nothing to who says for nobody, and leaves nothing set for the next', async () => {
    for (const { name } of tables.filter(({ tenant, name: table }) => tenant && table !== 'dead_letters')) {
      expect([name, (await app.query(`SELECT 1 FROM ${name} LIMIT 1`)).rowCount]).toEqual([name, 0]);
    }
  });

  it('lets nobody write for another organisation, nor move a row there', async () => {
    for (const { name } of tables.filter(({ tenant, name: table }) => tenant && table !== 'dead_letters')) {
      const copied = `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(x, jsonb_build_object('org_id', '${core.globex.id}'::uuid))).* FROM ${name} x LIMIT 1`;
      expect([name, await asAcme(() => stateOf(app.query(copied)))]).toEqual([name, '42501']);
      const moved = `UPDATE ${name} SET org_id = '${core.globex.id}'`;
      expect([name, await asAcme(() => stateOf(app.query(moved)))]).toEqual([name, '42501']);
      const reached = await asAcme(() =>
        app.query(`UPDATE ${name} SET org_id = org_id WHERE org_id = '${core.globex.id}'`).then(
          ({ rowCount }) => rowCount,
          () => 0,
        ),
      );
      expect([name, reached]).toEqual([name, 0]);
      const removed = await asAcme(() =>
        app.query(`DELETE FROM ${name} WHERE org_id = '${core.globex.id}'`).then(
          ({ rowCount }) => rowCount,
          ({ code }: { code: string }) => code,
        ),
      );
      expect([name, removed]).toEqual([name, MAY_REMOVE.has(name) ? 0 : '42501']);
    }
  });

  it('holds the service back from what is not its work', async () => {
    const refused = (text: string) => asAcme(() => stateOf(app.query(text)));
    for (const text of [
      'UPDATE activities SET type = type',
      'UPDATE outbox SET name = name',
      'UPDATE audit_entries SET action = action',
      'UPDATE organisations SET slug = slug',
      'SELECT * FROM dead_letters',
      'INSERT INTO organisations SELECT * FROM organisations',
      'ALTER TABLE tickets DISABLE ROW LEVEL SECURITY',
      'TRUNCATE tickets',
      'CREATE TABLE mine (id integer)',
      'SET ROLE deskwire_worker',
    ]) {
      expect([text, await refused(text)]).toEqual([text, '42501']);
    }
  });

  it('is passed by the worker’s role for its few jobs only', async () => {
    const grants = await core.sql<{ line: string }>(
      `SELECT table_name || ': ' || string_agg(privilege_type, ' ' ORDER BY privilege_type) AS line
       FROM information_schema.role_table_grants WHERE grantee = 'deskwire_worker' GROUP BY table_name ORDER BY 1`,
    );
    expect(grants.map(({ line }) => line)).toEqual([
      'agents: INSERT SELECT',
      'api_keys: INSERT SELECT',
      'attachments: SELECT',
      'audit_entries: INSERT',
      'contact_addresses: SELECT',
      'contacts: SELECT',
      'dead_letters: INSERT SELECT UPDATE',
      'idempotency_keys: DELETE SELECT',
      'inbound_mails: INSERT SELECT UPDATE',
      'mail_message_ids: SELECT',
      'mailboxes: INSERT SELECT',
      'messages: SELECT',
      'organisations: INSERT SELECT',
      'outbound_mails: SELECT UPDATE',
      'outbox: DELETE SELECT UPDATE',
      'schema_migrations: SELECT',
      'search_queue: DELETE SELECT UPDATE',
      'search_words: INSERT SELECT',
      'sla_clocks: SELECT UPDATE',
      'sla_escalations: SELECT UPDATE',
      'sla_policies: INSERT',
      'sla_reckonings: SELECT UPDATE',
      'team_members: SELECT',
      'ticket_counted: INSERT SELECT UPDATE',
      'ticket_counters: INSERT',
      'ticket_counts: INSERT SELECT UPDATE',
      'ticket_rewordings: SELECT UPDATE',
      'ticket_search: INSERT SELECT UPDATE',
      'tickets: SELECT',
    ]);
    for (const text of [
      'UPDATE api_keys SET revoked_at = NULL',
      'UPDATE organisations SET name = name',
      'UPDATE agents SET role = role',
      'DELETE FROM mailboxes',
      'SELECT 1 FROM audit_entries',
    ]) {
      expect([text, await stateOf(worker.query(text))]).toEqual([text, '42501']);
    }
    expect(await stateOf(worker.query('UPDATE tickets SET subject = subject'))).toBe('42501');
    // Of a file it may say that it is gone, and nothing else.
    expect(await stateOf(worker.query('UPDATE attachments SET name = name'))).toBe('42501');
    expect(await stateOf(worker.query('UPDATE attachments SET deleted_at = deleted_at'))).toBe('not refused');
    expect(await stateOf(worker.query('SELECT 1 FROM activities'))).toBe('42501');
  });

  it('is not to be climbed over: neither role owns, inherits or bypasses anything', async () => {
    const roles = await core.sql(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (SELECT count(*)::integer FROM pg_class WHERE relowner = r.oid) AS owns,
         (SELECT count(*)::integer FROM pg_auth_members m WHERE m.member = r.oid) AS member
       FROM pg_roles r WHERE rolname LIKE 'deskwire%' ORDER BY 1`,
    );
    const none = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      owns: 0,
      member: 0,
    };
    expect(roles).toEqual([
      { rolname: 'deskwire_app', ...none },
      { rolname: 'deskwire_worker', ...none },
    ]);
  });
});

describe('a connection that is lost in a transaction', () => {
  it('is told to who waits, and the service goes on', async () => {
    const { body } = await core.http('/api/v1/tickets', { json: { subject: 'Held' } });
    const id = String(body['id']);
    const holder = new Client({ connectionString: core.database.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM tickets WHERE id = $1 FOR UPDATE', [id]);
    const waiting = core.http(`/api/v1/tickets/${id}`, { method: 'PATCH', json: { subject: 'Changed' } });
    let ended = 0;
    while (ended === 0) {
      const rows = await core.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'ticket-core' AND wait_event_type = 'Lock'`,
      );
      ended = rows.length;
    }
    expect(await waiting).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    await holder.query('ROLLBACK');
    await holder.end();
    const again = await core.http(`/api/v1/tickets/${id}`, { method: 'PATCH', json: { subject: 'Changed' } });
    expect(again).toMatchObject({ status: 200, body: { subject: 'Changed', version: 2 } });
    // Every idle one too: the pools fill themselves again.
    await core.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'ticket-core%'`,
    );
    await core.client.requestBinary(claimMails, { worker: 'w', limit: 1, leaseMs: 1_000 }, []).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await core.http(`/api/v1/tickets/${id}`)).toMatchObject({ status: 200 });
  }, 20_000);
});
