import { tryHistories } from './agree.js';

// `npm run sla:property`: the long run. `node …/try-many-histories.js [how many]`, 10,000 unless told otherwise.
const runs = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(runs) || runs < 1) throw new Error('how many histories? a whole number');
for (const [unitMs, name] of [
  [60_000, 'whole minutes'],
  [1, 'single milliseconds'],
] as const) {
  const started = performance.now();
  tryHistories(unitMs, runs);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${runs} histories of ${name} agree to the millisecond (${seconds} s)`);
}
