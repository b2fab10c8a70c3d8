// `npm run soak:breaches`: three replicas of sla-monitor, each killed at random while 1,000 targets are missed; then NATS is
// killed, and the monitors with it, for a minute. Every breach reaches the channel exactly once, with its true instant.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench, freePorts } from './stack.mjs';
import { connectTo } from './running-clocks.mjs';

const { values } = parseArgs({
  options: {
    breaches: { type: 'string', default: '1000' },
    /** Over how long they fall due. */
    seconds: { type: 'string', default: '60' },
    /** Breaches while everything is away, and for how long. */
    dark: { type: 'string', default: '100' },
    'dark-seconds': { type: 'string', default: '60' },
    replicas: { type: 'string', default: '3' },
    root: { type: 'string', default: dirname(import.meta.dirname) },
    'limit-seconds': { type: 'string', default: '900' },
  },
});
const count = (name) => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name}: must be a whole number of at least 1`);
  return number;
};
const [BREACHES, DARK] = [count('breaches'), count('dark')];
const [WINDOW_MS, DARK_MS] = [count('seconds') * 1_000, count('dark-seconds') * 1_000];
const say = (line) => process.stderr.write(`${line}\n`);

const bench = new Bench({ root: resolve(values.root) }, say);
const replicas = new Set();
let ending = false;
const end = async (code) => {
  ending = true;
  for (const { child } of replicas) child.kill('SIGKILL');
  await bench.stop();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void end(1));
setTimeout(
  () => {
    say(`The soak gave up after ${values['limit-seconds']} s (--limit-seconds).`);
    void end(1);
  },
  count('limit-seconds') * 1_000,
).unref();

/** A monitor of our own; when it is killed it is started again, as a supervisor would. */
async function replica(stack) {
  const [port] = await freePorts(1);
  const one = { child: null, kills: 0, up: true };
  const start = () => {
    one.child = spawn(process.execPath, ['dist/apps/sla-monitor/src/main.js'], {
      cwd: bench.options.root,
      env: { PATH: process.env.PATH ?? '', NATS_URL: stack.natsUrl, SLA_HTTP_PORT: String(port), LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    one.child.once('exit', () => one.up && !ending && setTimeout(start, 200));
  };
  start();
  replicas.add(one);
  return one;
}

try {
  const stack = await bench.stack();
  const [{ id: orgId }] = await stack.sql("SELECT id FROM organisations WHERE slug = 'acme'");
  const nats = await connectTo(stack);
  // The stack's own monitor stands still: only those that are killed do the work.
  process.kill(stack.pids['sla-monitor'], 'SIGSTOP');
  const monitors = await Promise.all(Array.from({ length: count('replicas') }, () => replica(stack)));

  const due = async (from, many, windowMs) => {
    const rows = await stack.sql(
      `WITH made AS (
         INSERT INTO tickets (org_id, id, number, subject, description, status, priority, source, tags, message_count, created_at, updated_at)
         SELECT $1, uuidv7(), n, 'Soak ' || n, '', 'open', 'high', 'api', '{}', 0, now(), now()
         FROM generate_series($2::int, $2::int + $3::int - 1) n RETURNING id, number)
       INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, due_at, consumed_ms, paused_ms, next_at)
       SELECT $1, id, 'resolution', 1, 'running', now(), at, 0, 0, at + interval '1 millisecond'
       FROM made, LATERAL (SELECT date_trunc('milliseconds', now()) + interval '3 seconds' + random() * make_interval(secs => $4)) x(raw),
         LATERAL (SELECT date_trunc('milliseconds', raw) AS at) y
       RETURNING ticket_id, due_at`,
      [orgId, from, many, windowMs / 1_000],
    );
    if (!nats.isClosed()) nats.publish('desk.hints.sla.changed', JSON.stringify({ inMs: 3_000 }));
    return rows;
  };
  const slack = new URL('/playground/api/', stack.slackApiUrl).href;
  /** How often each ticket's number stands in the alerts' channel. */
  const told = async () => {
    const messages = await (await fetch(`${slack}channels/sla-alerts/messages?limit=1000`)).json();
    const times = new Map();
    for (const { text, blocks } of messages) {
      const numbers = new Set([...`${text} ${JSON.stringify(blocks ?? [])}`.matchAll(/#(\d{7})\b/g)].map(([, n]) => n));
      for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
    }
    return times;
  };
  const settle = async (what, numbers, withinMs) => {
    const until = Date.now() + withinMs;
    let times = new Map();
    for (;;) {
      times = await told();
      const missing = numbers.filter((number) => !times.has(String(number)));
      if (missing.length === 0 || Date.now() > until) break;
      await sleep(1_000);
    }
    await sleep(6_000); // whatever would come twice comes within a lease
    times = await told();
    const missing = numbers.filter((number) => !times.has(String(number))).length;
    const doubled = numbers.filter((number) => (times.get(String(number)) ?? 0) > 1).length;
    const [{ wrong }] = await stack.sql(
      `SELECT count(*)::int AS wrong FROM sla_clocks c JOIN tickets t ON t.org_id = c.org_id AND t.id = c.ticket_id
       WHERE t.number = ANY($1) AND (c.breached_at IS DISTINCT FROM c.due_at OR NOT c.announced)`,
      [numbers],
    );
    const [{ lines }] = await stack.sql(
      `SELECT count(*)::int AS lines FROM activities a JOIN tickets t ON t.org_id = a.org_id AND t.id = a.ticket_id
       WHERE t.number = ANY($1) AND a.type = 'sla_breached'`,
      [numbers],
    );
    const pass = missing === 0 && doubled === 0 && wrong === 0 && lines === numbers.length;
    const result = {
      name: what,
      breaches: numbers.length,
      missing,
      doubled,
      wrongInstant: wrong,
      historyLines: lines,
      pass,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return pass;
  };

  say(`${BREACHES} breaches within ${WINDOW_MS / 1_000} s, ${monitors.length} monitors killed at random …`);
  await due(5_000_000, BREACHES, WINDOW_MS);
  let kills = 0;
  for (const until = Date.now() + WINDOW_MS + 5_000; Date.now() < until;) {
    await sleep(200 + Math.random() * 1_500);
    monitors[Math.floor(Math.random() * monitors.length)].child.kill('SIGKILL');
    kills += 1;
  }
  say(`  ${kills} kills`);
  const first = await settle('soak-kills', range(5_000_000, BREACHES), 120_000);

  say(`${DARK} breaches while the core stands still and the bus is down, for ${DARK_MS / 1_000} s …`);
  await due(6_000_000, DARK, DARK_MS - 3_000);
  // The core is away for all that time, the bus is killed in the middle and comes back by its supervisor.
  process.kill(stack.pids['ticket-core'], 'SIGSTOP');
  await sleep(DARK_MS / 2);
  if (stack.pids['nats-server'] ?? stack.pids.nats)
    process.kill(stack.pids['nats-server'] ?? stack.pids.nats, 'SIGKILL');
  await sleep(DARK_MS / 2);
  process.kill(stack.pids['ticket-core'], 'SIGCONT');
  const second = await settle('soak-dark', range(6_000_000, DARK), 180_000);

  for (const one of monitors) one.up = false;
  process.kill(stack.pids['sla-monitor'], 'SIGCONT');
  await nats.close();
  await end(first && second ? 0 : 1);
} catch (error) {
  say(error.stack);
  await end(1);
}

function range(from, many) {
  return Array.from({ length: many }, (_, n) => from + n);
}
