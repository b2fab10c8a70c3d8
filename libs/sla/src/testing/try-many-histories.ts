import { tryHistories } from './agree.js';

// `npm run sla:property`: the long run. `node …/try-many-histories.js [how many]`, 10,000 unless told otherwise.
const runs = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(runs) || runs < 1) throw new Error('how many histories? a whole number');
for (const [unitMs, name] of [
  [60_000, 'whole minutes'],
  [1, 'single milliseconds'],
] as const) {
  const started = performance.now();
  const { histories, clocks, breached, traits } = tryHistories(unitMs, runs);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(
    `${runs} histories of ${name}, each also with an event at one of its deadlines: ${histories} questions, ` +
      `${clocks} clocks (${breached} breached), agree to the millisecond with the minute-by-minute one (${seconds} s)`,
  );
  for (const [trait, count] of [...traits].toSorted(([, a], [, b]) => b - a)) {
    console.log(`  ${String(Math.round((100 * count) / runs)).padStart(3)} %  ${trait}`);
  }
}
