// `npm run bench`: each row of the targets beside its floor, in one run; one JSON line a row (docs/benchmarks.md).
import os from 'node:os';
import { readOptions } from './options.mjs';
import { Bench } from './stack.mjs';
import { memory } from './rows/memory.mjs';
import { accept } from './rows/accept.mjs';
import { file } from './rows/file.mjs';
import { openTickets } from './rows/open-tickets.mjs';
import { listTickets } from './rows/list-tickets.mjs';
import { reading } from './rows/reading.mjs';
import { outbox } from './rows/outbox.mjs';
import { card } from './rows/card.mjs';
import { breach } from './rows/breach.mjs';
import { sweep } from './rows/sweep.mjs';

/** In this order: memory needs a stack that nobody has used, the card one with a Slack; the largest tables come last. */
const ROWS = {
  memory,
  card,
  accept,
  file,
  'open-tickets': openTickets,
  outbox,
  breach,
  'list-tickets': listTickets,
  reading,
  sweep,
};

const options = readOptions(process.argv.slice(2), Object.keys(ROWS));
const say = (line) => process.stderr.write(`${line}\n`);
const bench = new Bench(options, say);
const startedAtMs = Date.now();
let failed = false;

const end = async (code) => {
  await bench.stop();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void end(1));
const giveUp = setTimeout(() => {
  say(`The bench gave up after ${options.limitSeconds} s (--limit-seconds).`);
  void end(1);
}, options.limitSeconds * 1000);

const load = os.loadavg()[0];
say(
  `Node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model.trim()}), load average before: ${load.toFixed(2)}` +
    (load > 1.5 ? ' — this machine is busy: the numbers are noise' : ''),
);
for (const name of options.only) {
  say(`\n${name} …`);
  try {
    const results = await ROWS[name](bench, options, say);
    for (const result of [results].flat())
      process.stdout.write(`${JSON.stringify({ ...result, load: Number(load.toFixed(2)) })}\n`);
  } catch (error) {
    failed = true;
    say(error.stack);
    process.stdout.write(`${JSON.stringify({ name, error: error.message, pass: false })}\n`);
  }
}
clearTimeout(giveUp);
say(`\nThe bench took ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s.`);
await end(failed ? 1 : 0);
