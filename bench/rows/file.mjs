import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { comparison, median } from '../figures.mjs';
import { customerMail } from '../mails.mjs';
import { cpuOf } from '../processes.mjs';

const ORGANISATIONS = 64;
const CHUNK = 250;

/**
 * From accepted mails to committed tickets against parsing only. The mails of a round become visible in one commit; the
 * rate is that from the first filed to the last (their filed_at). The senders have written before today, so that filing is
 * measured and not the sending of acknowledgements; a last round of strangers, each with a new contact and an
 * acknowledgement that is sent meanwhile, is told beside it.
 */
export async function file(bench, options, say) {
  const stack = await bench.stack();
  const orgs = await stack.organisations(ORGANISATIONS, 'file');
  const spread = (at) => orgs[scattered(at) % orgs.length];
  const one = () => orgs[0];
  const round = (count, orgOf, senderOf) => fileRound(stack, count, orgOf, senderOf);
  const cpuMsPerMail = {};
  const measured = async (what, orgOf) => {
    const { result, cpu } = await cpuOf(stack, options.mails, () => round(options.mails, orgOf, known));
    cpuMsPerMail[what] = cpu;
    return result;
  };
  await knowSenders(stack, orgs);

  await round(Math.ceil(options.mails / 4), spread, known);
  const rates = { floor: [], spread: [], one: [] };
  for (let at = 0; at < options.rounds; at++) {
    const floor = await bench.child('floors/parse-only.mjs', options.mails);
    rates.floor.push(floor.ready.rate);
    await floor.stop();
    rates.spread.push(await measured('spread', spread));
    rates.one.push(await measured('one', one));
    const [parsed, filed, single] = [rates.floor[at], rates.spread[at], rates.one[at]].map(Math.round);
    say(`  parse only ${parsed}, spread ${filed}, one organisation ${single}`);
  }
  const strangers = await round(options.mails, spread, stranger);
  const filed = comparison('file', {
    ours: median(rates.spread),
    floor: median(rates.floor),
    target: 0.65,
    unit: 'mails/s',
    organisations: ORGANISATIONS,
    strangers: Math.round(strangers),
    cpuMsPerMail: cpuMsPerMail.spread,
    rounds: rates.spread.map((rate, at) => Number((rate / rates.floor[at]).toFixed(3))),
  });
  const single = comparison('file-one-organisation', {
    ours: median(rates.one),
    floor: median(rates.spread),
    target: 0.6,
    unit: 'mails/s',
    floorIs: 'the same spread over 64 organisations',
    cpuMsPerMail: cpuMsPerMail.one,
  });
  return [filed, single];
}

const SENDERS = 20;
const known = (seed) => `customer${seed % SENDERS}@shop.example`;
const stranger = (seed) => `stranger${seed}@shop.example`;
let seeds = 0;

/** Senders who are contacts of every organisation already, and had their acknowledgement of today. */
async function knowSenders(stack, orgs) {
  const ids = orgs.map(({ orgId }) => orgId);
  const addresses = Array.from({ length: SENDERS }, (_, at) => known(at));
  const pairs = 'FROM unnest($1::uuid[]) org, unnest($2::text[]) address';
  await stack.sql(
    `INSERT INTO contacts (org_id, id, email, name) SELECT org, gen_random_uuid(), address, 'Customer' ${pairs}`,
    [ids, addresses],
  );
  // Both days, in case that the run passes midnight (UTC).
  await stack.sql(
    `INSERT INTO acknowledgements (org_id, address, day)
     SELECT org, address, (now() AT TIME ZONE 'UTC')::date + ahead ${pairs}, generate_series(0, 1) ahead`,
    [ids, addresses],
  );
}

/** Mails a second. */
async function fileRound(stack, count, orgOf, senderOf) {
  const ids = await acceptAtOnce(stack, count, orgOf, senderOf);
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(250)) {
    const [{ waiting }] = await stack.sql(
      "SELECT count(*)::int AS waiting FROM inbound_mails WHERE state = 'accepted'",
    );
    if (waiting > 0) continue;
    const [filed] = await stack.sql(
      `SELECT count(*) FILTER (WHERE disposition = 'ticket_opened')::int AS tickets,
              count(*) FILTER (WHERE filed_at > first)::int AS after_first,
              extract(epoch FROM max(filed_at) - min(filed_at))::float8 AS seconds
       FROM inbound_mails, (SELECT min(filed_at) AS first FROM inbound_mails WHERE id = ANY($1)) f WHERE id = ANY($1)`,
      [ids],
    );
    if (filed.tickets !== count) throw new Error(`file: ${count} mails became ${filed.tickets} tickets`);
    await allAcknowledged(stack);
    return filed.after_first / filed.seconds;
  }
  throw new Error('file: not everything was filed within 2 minutes');
}

/** All rows in one transaction: no worker sees any of them before the last is there. */
async function acceptAtOnce(stack, count, orgOf, senderOf) {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const ids = [];
    for (let at = 0; at < count; at += CHUNK) {
      const rows = Array.from({ length: Math.min(CHUNK, count - at) }, (_, place) =>
        rowOf(++seeds, orgOf(at + place), senderOf),
      );
      const tuples = rows.map(
        (_, row) => `(${Array.from({ length: 8 }, (__, column) => `$${row * 8 + column + 1}`).join(', ')})`,
      );
      await client.query(
        `INSERT INTO inbound_mails (org_id, id, sender, envelope, raw, sha256, size_bytes, received_at) VALUES ${tuples.join(', ')}`,
        rows.flat(),
      );
      ids.push(...rows.map(([, id]) => id));
    }
    await client.query('COMMIT');
    return ids;
  } finally {
    await client.end();
  }
}

function rowOf(seed, org, senderOf) {
  const { from, raw } = customerMail(seed, org.address, senderOf(seed));
  const receivedAt = new Date().toISOString();
  const envelope = {
    mailFrom: from,
    recipients: [{ orgId: org.orgId, address: org.address }],
    receivedAt,
    peer: '127.0.0.1',
    helo: 'bench.example',
    tls: false,
  };
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return [org.orgId, uuidv7(), from, JSON.stringify(envelope), raw, sha256, raw.length, receivedAt];
}

/** The next round must not pay for the letters of this one. */
async function allAcknowledged(stack) {
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(250)) {
    const [{ queued }] = await stack.sql("SELECT count(*)::int AS queued FROM outbound_mails WHERE state = 'queued'");
    if (queued === 0) return;
  }
  throw new Error('file: the acknowledgements were not sent within 2 minutes');
}

/** The same at each run, and in no order that a batch could profit from (Knuth's multiplicative hash). */
const scattered = (at) => Math.imul(at + 1, 2_654_435_761) >>> 16;
