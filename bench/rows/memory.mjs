import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { absolute, round } from '../figures.mjs';
import { familyOf } from '../processes.mjs';

const IDLE_MS = 20_000;
const KIB_PER_MB = 1024;

/**
 * All processes of the stack without the playground, 20 s after it was ready. Judged by PSS, in which a page that several
 * processes share counts once; in RSS the one node binary and Postgres' shared buffers count once for each process.
 */
export async function memory(bench, _options, say) {
  if (process.platform !== 'linux') return { name: 'memory', skipped: 'needs /proc', pass: null };
  const stack = await bench.stack();
  await sleep(IDLE_MS);
  const processes = await Promise.all((await familyOf(stack.child.pid)).map(measure));
  const byName = new Map();
  for (const { name, rss, pss } of processes) {
    const sum = byName.get(name) ?? { rss: 0, pss: 0, processes: 0 };
    byName.set(name, { rss: sum.rss + rss, pss: sum.pss + pss, processes: sum.processes + 1 });
  }
  const mb = ({ pss }) => round(pss / KIB_PER_MB);
  for (const [name, sum] of byName)
    say(`  ${name}: ${mb(sum)} MB PSS, ${round(sum.rss / KIB_PER_MB)} MB RSS, ${sum.processes}`);
  const sum = (what) => processes.reduce((total, one) => total + one[what], 0) / KIB_PER_MB;
  return absolute('memory', {
    ours: sum('pss'),
    target: 600,
    unit: 'MB PSS',
    atMost: true,
    rss: round(sum('rss')),
    processes: processes.length,
    byProcess: Object.fromEntries([...byName].map(([name, one]) => [name, mb(one)])),
  });
}

async function measure({ pid, name }) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (field) => Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(rollup)?.[1]);
  return { name, rss: kib('Rss'), pss: kib('Pss') };
}
