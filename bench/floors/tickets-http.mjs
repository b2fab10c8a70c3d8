// Fastify and pg: named statements that write the rows of a new ticket, in BEGIN … COMMIT. The floor of POST /tickets.
// It writes what ours wrote for a first ticket with the same input (columns, sizes, clocks), with ids and times of its own.
import Fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

const [, , , databaseUrl, sampleOrgId] = process.argv;
// As many connections as ticket-core's pool has.
const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });

const rowsOf = async (table, what) =>
  (await pool.query(`SELECT to_jsonb(x) AS row FROM ${table} x WHERE org_id = $1 ${what}`, [sampleOrgId])).rows.map(
    ({ row }) => row,
  );
const [ticket] = await rowsOf('tickets', 'ORDER BY number LIMIT 1');
const [tracking] = await rowsOf('sla_trackings', `AND ticket_id = '${ticket.id}'`);
const clocks = await rowsOf('sla_clocks', `AND ticket_id = '${ticket.id}'`);
const [activity] = await rowsOf('activities', `AND ticket_id = '${ticket.id}'`);
const [event] = await rowsOf('outbox', `AND payload->>'ticketId' = '${ticket.id}'`);
delete event.id;

const insertInto = (table, rows) => {
  const columns = Object.keys(rows[0]);
  const tuples = rows.map((_, row) => `(${columns.map((__, at) => `$${row * columns.length + at + 1}`).join(', ')})`);
  return { name: `floor.${table}`, text: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')}` };
};
const valuesOf = (rows) =>
  rows.flatMap((row) =>
    Object.values(row).map((value) =>
      value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value,
    ),
  );
const statements = {
  counter: {
    name: 'floor.counter',
    text: 'UPDATE ticket_counters SET last_number = last_number + 1 WHERE org_id = $1 RETURNING last_number',
  },
  ticket: insertInto('tickets', [ticket]),
  tracking: insertInto('sla_trackings', [tracking]),
  clocks: insertInto('sla_clocks', clocks),
  activity: insertInto('activities', [activity]),
  event: insertInto('outbox', [event]),
};

async function open(orgId, input) {
  const id = uuidv7();
  const at = new Date().toISOString();
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query({ ...statements.counter, values: [orgId] });
    const number = rows[0].last_number;
    const row = { ...ticket, ...input, org_id: orgId, id, number, creator_id: null, created_at: at, updated_at: at };
    const write = (statement, all) => client.query({ ...statement, values: valuesOf(all) });
    await write(statements.ticket, [row]);
    await write(statements.tracking, [{ ...tracking, org_id: orgId, ticket_id: id, id: uuidv7(), created_at: at }]);
    await write(
      statements.clocks,
      clocks.map((clock) => ({ ...clock, org_id: orgId, ticket_id: id, started_at: at })),
    );
    await write(statements.activity, [{ ...activity, org_id: orgId, ticket_id: id, id: uuidv7(), at }]);
    const payload = { ...event.payload, ticketId: id, number };
    await write(statements.event, [{ ...event, org_id: orgId, event_id: uuidv7(), payload, at, sent_at: at }]);
    await client.query('COMMIT');
    return row;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const server = Fastify();
const text = { type: 'string', minLength: 1, maxLength: 200_000 };
const body = {
  type: 'object',
  required: ['subject'],
  properties: {
    subject: text,
    description: text,
    priority: text,
    category: text,
    tags: { type: 'array', items: text },
  },
};
server.post('/tickets', { schema: { body } }, async (request, reply) => {
  reply.code(201);
  return open(request.headers['x-organisation'], request.body);
});
await server.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: server.server.address().port });
process.on('disconnect', () => process.exit());
