import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TicketView } from '#shared/contracts/tickets.js';
import { seedOrganisation } from '../../apps/ticket-core/src/database/seed-acme.js';
import { type Problem, RunningDesk, TRIAGE } from '../support/running-desk.js';

jest.setTimeout(60_000);

const RIVAL_KEY = 'dw_the-key-of-another-organisation-altogether';
const INSUFFICIENT_PRIVILEGE = '42501';

/** What the role that works across organisations may do, and nothing else (migrations say why). */
const WORKER_GRANTS = `
agents INSERT SELECT
api_keys INSERT SELECT
attachments SELECT
audit_entries INSERT
contact_addresses SELECT
contacts SELECT
dead_letters INSERT SELECT UPDATE
idempotency_keys DELETE SELECT
inbound_mails INSERT SELECT UPDATE
mail_message_ids SELECT
mailboxes INSERT SELECT
messages SELECT
organisations INSERT SELECT
outbound_mails SELECT UPDATE
outbox DELETE SELECT UPDATE
schema_migrations SELECT
search_queue DELETE SELECT UPDATE
search_words INSERT SELECT
sla_clocks SELECT UPDATE
sla_escalations SELECT UPDATE
sla_policies INSERT
sla_reckonings SELECT UPDATE
team_members SELECT
ticket_counted INSERT SELECT UPDATE
ticket_counters INSERT
ticket_counts INSERT SELECT UPDATE
ticket_rewordings SELECT UPDATE
ticket_search INSERT SELECT UPDATE
tickets SELECT`.trim();

describe('another organisation sees nothing', () => {
  let desk: RunningDesk;
  let app: pg.Client;
  let worker: pg.Client;
  let acmeId: string;
  let rivalId: string;
  let acmeTickets: TicketView[];
  let own: TicketView;

  beforeAll(async () => {
    desk = await RunningDesk.start();
    const { databaseUrl, databaseAppUrl, databaseWorkerUrl } = desk.stack.stack;
    rivalId = await seedOrganisation(databaseUrl, {
      slug: 'rival',
      name: 'Rival',
      apiKey: RIVAL_KEY,
      mailDomain: 'rival.test',
    });
    acmeId = (await desk.sql<{ id: string }>("SELECT id FROM organisations WHERE slug = 'acme'"))[0]!.id;
    app = await client(databaseAppUrl);
    worker = await client(databaseWorkerUrl);

    // Acme's rows in as many tables as a conversation fills.
    await desk.play.sendMail({
      from: 'casey@shared.example',
      to: desk.supportAddress,
      subject: 'Acme secret',
      text: 'Acme words',
    });
    await desk.card((await desk.ticketFrom('casey@shared.example')).number);
    for (const n of [2, 3, 4]) {
      await desk.ok('POST', '/tickets', {
        body: { subject: `Acme secret ${n}`, contactEmail: 'casey@shared.example', tags: ['acme'] },
        headers: { 'idempotency-key': `order-${n}` },
      });
    }
    await desk.ok('POST', '/tickets/1/messages', { body: { content: 'Acme answer' } });
    await desk.mailTo('casey@shared.example', ({ preview }) => preview.includes('Acme answer'));
    acmeTickets = await desk.ticketsOf('casey@shared.example');
    own = await desk.ok('POST', '/tickets', {
      apiKey: RIVAL_KEY,
      body: { subject: 'Rival’s own', contactEmail: 'casey@shared.example' },
    });
  }, 150_000);
  afterAll(async () => {
    await app?.end();
    await worker?.end();
    await desk?.stop();
  }, 60_000);

  async function client(connectionString: string): Promise<pg.Client> {
    const one = new pg.Client({ connectionString });
    await one.connect();
    return one;
  }

  const rival = async <T = unknown>(
    method: string,
    path: string,
    more: { body?: unknown; headers?: Record<string, string> } = {},
  ) => desk.api<T>(method, path, { ...more, apiKey: RIVAL_KEY });

  describe('by HTTP', () => {
    it('numbers are each organisation’s own', () => {
      expect(own.number).toBe(1);
      expect(acmeTickets.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    });

    it('no route finds a ticket of the other, by id or by number, and nothing changes', async () => {
      const before = await desk.messages(2);
      const routes: [string, string, unknown?][] = [
        ['GET', ''],
        ['PATCH', '', { subject: 'Mine now' }],
        ['PATCH', '', { status: 'closed' }],
        ['GET', '/messages'],
        ['POST', '/messages', { content: 'Hello from Rival' }],
        ['POST', '/messages', { content: 'Hello from Rival', isInternalNote: true }],
        ['GET', '/activities'],
      ];
      for (const ticket of acmeTickets) {
        for (const [method, path, body] of routes) {
          // Number 1 is Rival's own.
          for (const ref of ticket.number === 1
            ? [ticket.id]
            : [ticket.id, String(ticket.number), `%23${ticket.number}`]) {
            const answer = await rival<Problem>(method, `/tickets/${ref}${path}`, {
              ...(body !== undefined && { body }),
            });
            expect([method, ref, path, answer.status]).toEqual([method, ref, path, 404]);
            expect(JSON.stringify(answer.body)).not.toMatch(/acme|secret/i);
            // As for what is nowhere: who asks cannot learn that it exists.
            const nowhere = await rival<Problem>(method, `/tickets/${randomUUID()}${path}`, {
              ...(body !== undefined && { body }),
            });
            expect({ ...nowhere.body, detail: '', instance: '' }).toEqual({ ...answer.body, detail: '', instance: '' });
          }
        }
      }
      expect(await desk.messages(2)).toEqual(before);
      expect((await desk.ticketsOf('casey@shared.example')).map(({ subject }) => subject)).toEqual(
        acmeTickets.map(({ subject }) => subject),
      );
    });

    it('no list, filter, search or cursor shows one', async () => {
      const queries = [
        '',
        '?contactEmail=casey@shared.example',
        '?text=secret',
        '?tag=acme',
        '?status=open',
        '?assigneeId=none',
        '?limit=100',
      ];
      for (const query of queries) {
        const { status, body } = await rival<{ items: TicketView[]; nextCursor: string | null }>(
          'GET',
          `/tickets${query}`,
        );
        expect(status).toBe(200);
        expect(body.items.filter(({ id }) => id !== own.id)).toEqual([]);
        expect(body.nextCursor).toBeNull();
      }
      const page = await desk.ok<{ nextCursor: string }>('GET', '/tickets?limit=2');
      expect(page.nextCursor).not.toBeNull();
      const answer = await rival<{ items: TicketView[] }>('GET', `/tickets?limit=2&cursor=${page.nextCursor}`);
      expect((answer.body.items ?? []).filter(({ id }) => id !== own.id)).toEqual([]);
    });

    it('the same Idempotency-Key is another one here', async () => {
      const request = {
        body: { subject: 'Acme secret 2', contactEmail: 'casey@shared.example', tags: ['acme'] },
        headers: { 'idempotency-key': 'order-2' },
      };
      const answer = await rival<TicketView>('POST', '/tickets', request);
      expect(answer.status).toBe(201);
      expect(answer.headers.get('idempotent-replayed')).toBeNull();
      expect(acmeTickets.map(({ id }) => id)).not.toContain(answer.body.id);
      expect((await desk.api('POST', '/tickets', request)).headers.get('idempotent-replayed')).toBe('true');
    });

    it('people of the other cannot be named', async () => {
      const [alice] = await desk.sql<{ id: string }>(
        "SELECT id FROM agents WHERE org_id = $1 AND email = 'alice@acme.test'",
        [acmeId],
      );
      for (const [method, path, body] of [
        ['POST', '/tickets', { subject: 'Take this, Alice', assigneeId: alice!.id }],
        ['PATCH', `/tickets/${own.id}`, { assigneeId: alice!.id }],
      ] as const) {
        const answer = await rival<Problem>(method, path, { body });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(JSON.stringify(answer.body)).not.toContain('Alice');
      }
      // A contact with the same address is somebody else.
      expect(own.contact!.id).not.toBe(acmeTickets[0]!.contact!.id);
    });
  });

  describe('by mail and in Slack', () => {
    it('one mail to both is a ticket in each, with its own number', async () => {
      const sent = await desk.play.sendMail({
        from: 'casey@both.example',
        to: [desk.supportAddress, 'support@rival.test'],
        subject: 'To both of you',
        text: 'Hello',
      });
      expect(sent).toMatchObject({ ok: true, code: 250 });
      const acmes = await desk.ticketFrom('casey@both.example');
      const rivals = await desk.until(
        'Rival’s ticket',
        async () =>
          (await rival<{ items: TicketView[] }>('GET', '/tickets?contactEmail=casey@both.example')).body.items,
      );
      expect(rivals).toHaveLength(1);
      expect(rivals[0]!.id).not.toBe(acmes.id);
      const mails = await desk.until('both acknowledgements', async () => {
        const all = await desk.play.mails('casey@both.example');
        return all.length === 2 ? all : null;
      });
      expect(mails.map(({ from }) => /<(.+)>/.exec(from)?.[1] ?? from).toSorted()).toEqual([
        'support@acme.test',
        'support@rival.test',
      ]);
    });

    it('Message-ID, number and signed address of the one lead nowhere in the other', async () => {
      const reply = await desk.mailTo('casey@shared.example', ({ preview }) => preview.includes('Acme answer'));
      const { replyTo, messageId } = await desk.play.mail(reply.id);
      const token = /support(\+[^@]+)@/.exec(replyTo!)![1]!;
      await desk.play.sendMail({
        from: 'casey@shared.example',
        to: `support${token}@rival.test`,
        subject: `Re: Acme secret 3 [#3]`,
        text: 'Into the other one?',
        inReplyTo: messageId!,
        references: [messageId!],
      });
      await desk.until(
        'the mail to be filed',
        async () =>
          (await desk.count('inbound_mails', "org_id = $1 AND sender = 'casey@shared.example' AND state = 'filed'", [
            rivalId,
          ])) === 1,
      );
      expect((await desk.messages(1)).map(({ content }) => content).join()).not.toContain('Into the other one?');
      expect((await desk.messages(3)).map(({ content }) => content).join()).not.toContain('Into the other one?');
    });

    it('Acme’s Slack never hears of Rival’s tickets', async () => {
      await desk.ok('POST', '/tickets', { body: { subject: 'A later one of Acme’s' } });
      await desk.until('its card', async () =>
        (await desk.play.messages(TRIAGE)).find(({ text }) => text.includes('A later one of Acme’s')),
      );
      expect(JSON.stringify(await desk.play.messages(TRIAGE))).not.toContain('Rival');
    });
  });

  describe('by SQL, as the service’s own roles', () => {
    const tenantTables = async (): Promise<string[]> =>
      (
        await desk.sql<{ name: string }>(
          `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
           WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
        )
      ).map(({ name }) => name);

    const as = async <T>(orgId: string | null, work: () => Promise<T>): Promise<T> => {
      await app.query('BEGIN');
      try {
        if (orgId !== null) await app.query("SELECT set_config('app.org_id', $1, true)", [orgId]);
        return await work();
      } finally {
        await app.query('ROLLBACK');
      }
    };

    const refusalOf = async (work: Promise<unknown>): Promise<string | undefined> =>
      work.then(
        () => undefined,
        (error: { code?: string }) => error.code,
      );

    it('row-level security is on and forced on every table with anybody’s data that either role may touch', async () => {
      const open = await desk.sql(
        `SELECT g.table_name AS "table", g.grantee, string_agg(g.privilege_type, ' ') AS may
         FROM information_schema.role_table_grants g
         JOIN pg_class c ON c.relname = g.table_name AND c.relnamespace = 'public'::regnamespace
         WHERE g.grantee IN ('deskwire_app', 'deskwire_worker', 'PUBLIC') AND g.table_schema = 'public'
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
         GROUP BY 1, 2 ORDER BY 1, 2`,
      );
      // Which migrations were applied: nobody's data, read by the guard at the start.
      expect(open).toEqual(
        ['deskwire_app', 'deskwire_worker'].map((grantee) => ({ table: 'schema_migrations', grantee, may: 'SELECT' })),
      );
      expect((await tenantTables()).length).toBeGreaterThanOrEqual(20);
    });

    it('neither role owns a table, bypasses the walls or may become somebody else', async () => {
      const roles = await desk.sql(
        `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
           (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns,
           (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS member_of
         FROM pg_roles r WHERE rolname LIKE 'deskwire\\_%' AND rolname IN ('deskwire_app', 'deskwire_worker') ORDER BY 1`,
      );
      const harmless = {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owns: 0,
        member_of: 0,
      };
      expect(roles).toEqual([
        { rolname: 'deskwire_app', ...harmless },
        { rolname: 'deskwire_worker', ...harmless },
      ]);
      for (const statement of [
        'ALTER TABLE tickets DISABLE ROW LEVEL SECURITY',
        'DROP POLICY tenant ON tickets',
        'CREATE TABLE mine ()',
      ]) {
        expect([statement, await refusalOf(app.query(statement))]).toEqual([statement, INSUFFICIENT_PRIVILEGE]);
      }
      await app.query('SET row_security = off');
      expect(await refusalOf(app.query('SELECT 1 FROM tickets'))).toBe(INSUFFICIENT_PRIVILEGE);
      await app.query('RESET row_security');
    });

    it('without an organisation deskwire_app sees no row of any table', async () => {
      for (const table of [...(await tenantTables()), 'organisations']) {
        const seen = await as(null, () =>
          app.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`).then(
            ({ rows }) => rows[0]!.n,
            ({ code }: { code: string }) => code,
          ),
        );
        expect([table, seen]).toEqual([table, table === 'dead_letters' ? INSUFFICIENT_PRIVILEGE : 0]);
      }
    });

    it('with the one it sees, changes and removes no row of the other', async () => {
      const filled: string[] = [];
      for (const table of (await tenantTables()).filter((name) => name !== 'dead_letters')) {
        if ((await desk.count(table, 'org_id = $1', [acmeId])) > 0) filled.push(table);
        for (const [asWhom, other] of [
          [rivalId, acmeId],
          [acmeId, rivalId],
        ] as const) {
          const seen = await as(asWhom, async () => app.query(`SELECT 1 FROM ${table} WHERE org_id = $1`, [other]));
          expect([table, seen.rowCount]).toEqual([table, 0]);
          const changed = await as(asWhom, async () =>
            app.query(`UPDATE ${table} SET org_id = org_id WHERE org_id = $1`, [other]).then(
              ({ rowCount }) => rowCount,
              ({ code }: { code: string }) => code,
            ),
          );
          expect([0, INSUFFICIENT_PRIVILEGE]).toContain(changed);
          const removed = await as(asWhom, async () =>
            app.query(`DELETE FROM ${table} WHERE org_id = $1`, [other]).then(
              ({ rowCount }) => rowCount,
              ({ code }: { code: string }) => code,
            ),
          );
          expect([0, INSUFFICIENT_PRIVILEGE]).toContain(removed);
        }
      }
      // Of these the test knows that there was something to hide.
      expect(filled).toEqual(
        expect.arrayContaining([
          'activities',
          'agents',
          'api_keys',
          'contacts',
          'idempotency_keys',
          'inbound_mails',
          'mail_message_ids',
          'messages',
          'outbound_mails',
          'outbox',
          'posts',
          'sla_clocks',
          'sla_policies',
          'sla_trackings',
          'ticket_counters',
          'tickets',
        ]),
      );
    });

    it('and can write none for it: not new, not by moving its own', async () => {
      for (const table of await tenantTables()) {
        const [row] = await desk.sql<{ row: object }>(
          `SELECT to_json(t) AS row FROM ${table} t WHERE org_id = $1 LIMIT 1`,
          [acmeId],
        );
        if (!row) continue;
        const insert = `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_record(NULL::${table}, $1)`;
        expect([table, await as(rivalId, () => refusalOf(app.query(insert, [row.row])))]).toEqual([
          table,
          INSUFFICIENT_PRIVILEGE,
        ]);
      }
      for (const table of ['tickets', 'contacts', 'sla_policies', 'agents']) {
        const move = as(rivalId, () => refusalOf(app.query(`UPDATE ${table} SET org_id = $1`, [acmeId])));
        expect([table, await move]).toEqual([table, INSUFFICIENT_PRIVILEGE]);
      }
    });

    it('deskwire_worker may do what its grants say and nothing else', async () => {
      const grants = await desk.sql<{ line: string }>(
        `SELECT table_name || ' ' || string_agg(privilege_type, ' ' ORDER BY privilege_type) AS line
         FROM information_schema.role_table_grants WHERE grantee = 'deskwire_worker' AND table_schema = 'public'
         GROUP BY table_name ORDER BY table_name COLLATE "C"`,
      );
      expect(grants.map(({ line }) => line).join('\n')).toBe(WORKER_GRANTS);
      const allowed = new Set(WORKER_GRANTS.split('\n').map((line) => line.split(' ')[0]));
      for (const table of (await tenantTables()).filter((name) => !allowed.has(name))) {
        expect([table, await refusalOf(worker.query(`SELECT 1 FROM ${table}`))]).toEqual([
          table,
          INSUFFICIENT_PRIVILEGE,
        ]);
      }
      for (const statement of [
        "UPDATE tickets SET subject = 'x'",
        'DELETE FROM inbound_mails',
        'INSERT INTO messages DEFAULT VALUES',
        'UPDATE api_keys SET revoked_at = NULL',
      ]) {
        expect([statement, await refusalOf(worker.query(statement))]).toEqual([statement, INSUFFICIENT_PRIVILEGE]);
      }
    });
  });
});
