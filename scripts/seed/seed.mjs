// `npm run seed -- --tickets 1000000 --messages 5 --organisation big --small 1000`: a desk of any size to measure and to try.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { root } from '../setup.mjs';
import { fillTickets, prepare } from './fill-organisation.mjs';

const COUNTS = { tickets: '10000', messages: '5', small: '0', 'small-tickets': '50' };
const say = (line) => process.stderr.write(`${line}\n`);

/** Runs the seed; returns the organisations that it filled: `{ orgId, slug, tickets, apiKey }`, a key only for new ones. */
export async function seed({ databaseUrl, organisation, tickets, messages, small, smallTickets }) {
  const { seedOrganisation } = await import(
    pathToFileURL(join(root, 'dist/apps/ticket-core/src/database/seed-acme.js')).href
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const startedAtMs = Date.now();
  const made = [];
  try {
    await prepare(client);
    const organisationOf = async (slug) => {
      const apiKey = `dw_seed_${randomBytes(24).toString('base64url')}`;
      const orgId = await seedOrganisation(databaseUrl, { slug, name: slug, apiKey, mailDomain: `${slug}.test` });
      return { slug, orgId, apiKey };
    };
    // Its index is far cheaper to build than to fill.
    const rebuild = tickets >= 100_000;
    const { rows } = await client
      .query(`SELECT pg_get_indexdef('ticket_search_words'::regclass) AS text`)
      .catch(() => ({ rows: [] }));
    const definition =
      rows[0]?.text ??
      'CREATE INDEX ticket_search_words ON ticket_search USING gin (org_id, shelf, document) WITH (gin_pending_list_limit = 256)';
    if (rebuild) await client.query('DROP INDEX IF EXISTS ticket_search_words');
    for (let at = 0; at < small; at++) {
      const org = await organisationOf(`${organisation}-small-${at}`);
      await fillTickets(client, org.orgId, smallTickets, messages);
      made.push({ ...org, tickets: smallTickets });
      if (at % 50 === 49) say(`  ${at + 1} of ${small} small organisations, ${seconds(startedAtMs)} s`);
    }
    const org = await organisationOf(organisation);
    let before = null;
    await fillTickets(client, org.orgId, tickets, messages, (done) => {
      before ??= { done, atMs: Date.now() };
      const rate = (done - before.done) / (Date.now() - before.atMs);
      const left = rate > 0 ? `, some ${Math.ceil((tickets - done) / rate / 1000)} s left` : '';
      say(
        `  ${done.toLocaleString('en-GB')} of ${tickets.toLocaleString('en-GB')} tickets, ${seconds(startedAtMs)} s${left}`,
      );
    });
    made.push({ ...org, tickets });
    if (rebuild || rows.length === 0) {
      say('  building the index of the search …');
      await client.query(definition.replace('CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS '));
    }
    say('  reading statistics …');
    await client.query(
      'VACUUM (ANALYZE) tickets, messages, contacts, sla_clocks, sla_trackings, activities, ticket_facets, ticket_search, ticket_counted, ticket_counts, search_words, agents, companies, teams, contact_addresses, time_entries, time_totals, audit_entries, notifications, attachments',
    );
    say(`Seeded in ${seconds(startedAtMs)} s.`);
    return made;
  } finally {
    await client.end();
  }
}

const seconds = (startedAtMs) => ((Date.now() - startedAtMs) / 1000).toFixed(0);

if (process.argv[1] === import.meta.filename) {
  const options = Object.fromEntries(
    Object.entries(COUNTS).map(([name, standard]) => [name, { type: 'string', default: standard }]),
  );
  try {
    const { values } = parseArgs({
      options: { ...options, organisation: { type: 'string', default: 'big' }, database: { type: 'string' } },
    });
    const counts = Object.fromEntries(
      Object.keys(COUNTS).map((name) => {
        const count = Number(values[name]);
        if (!Number.isInteger(count) || count < 0) throw new Error(`--${name}: must be a whole number`);
        return [name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), count];
      }),
    );
    if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(values.organisation))
      throw new Error('--organisation: must be a slug, such as big');
    const file = join(process.env.DESKWIRE_HOME ?? join(root, '.deskwire'), 'stack.json');
    const databaseUrl =
      values.database ??
      process.env.DATABASE_URL ??
      (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).databaseUrl : null);
    if (!databaseUrl)
      throw new Error('There is no database: start the stack (npm start), or set DATABASE_URL to the schema’s owner.');
    const made = await seed({ databaseUrl, organisation: values.organisation, ...counts });
    const big = made.at(-1);
    process.stdout.write(
      `${JSON.stringify({ organisation: big.slug, orgId: big.orgId, tickets: big.tickets, apiKey: big.apiKey })}\n`,
    );
  } catch (error) {
    say(
      `The seed stopped: ${error.message}\nnpm run seed -- [--organisation big] [--database URL] ${Object.entries(
        COUNTS,
      )
        .map(([name, standard]) => `[--${name} ${standard}]`)
        .join(' ')}`,
    );
    process.exitCode = 1;
  }
}
