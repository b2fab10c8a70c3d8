import { comparison, percentile, round } from '../figures.mjs';
import { addRunningClocks, connectTo, dueTickets, withMonitorHeld } from '../running-clocks.mjs';

const DUE = 100;
const ROUNDS = 120;
const FEW = 10_000;

/** One sweep of the monitor (claim what is due, settle it) with 100 due, among a million running clocks and among 10,000. */
export async function sweep(bench, options, say) {
  const stack = await bench.stack();
  const [org] = await stack.organisations(1, 'sweep');
  const { ContractClient } = await stack.module('libs/shared/src/messaging/contract-client.js');
  const { claimDueClocks, settleDueClocks } = await stack.module('libs/shared/src/contracts/sla-clocks.js');
  const nats = await connectTo(stack);
  const core = new ContractClient(nats);
  const ids = await dueTickets(stack, org, DUE);

  const once = async () => {
    await stack.sql(
      `UPDATE sla_clocks SET state = 'running', breached_at = NULL, announced = false, warned = false,
         due_at = now() - interval '1 second', next_at = now() - interval '1 second' WHERE ticket_id = ANY($1)`,
      [ids],
    );
    const startedAtMs = performance.now();
    const { clocks } = await core.request(claimDueClocks, { limit: 200, leaseMs: 60_000 });
    if (clocks.length !== DUE) throw new Error(`sweep: ${clocks.length} of ${DUE} were claimed`);
    await core.request(settleDueClocks, {
      clocks: clocks.map(({ orgId, ticketId, target, cycle, level }) => ({ orgId, ticketId, target, cycle, level })),
    });
    return performance.now() - startedAtMs;
  };
  const measure = async () => {
    await stack.sql('VACUUM ANALYZE sla_clocks');
    for (let at = 0; at < 10; at++) await once();
    const took = [];
    for (let at = 0; at < ROUNDS; at++) took.push(await once());
    // The lower quartile: whatever else the machine does only ever adds.
    return { quick: percentile(took, 25), middle: percentile(took, 50) };
  };
  try {
    return await withMonitorHeld(stack, async () => {
      await addRunningClocks(stack, org, FEW);
      const few = await measure();
      await addRunningClocks(stack, org, options.clocks - FEW);
      say(`  ${options.clocks} running clocks; with ${FEW} a sweep took ${round(few.quick, 1)} ms`);
      const many = await measure();
      const [{ size }] = await stack.sql("SELECT pg_size_pretty(pg_total_relation_size('sla_clocks')) AS size");
      return comparison('sweep', {
        ours: many.quick,
        floor: few.quick,
        target: 1.5,
        atMost: true,
        unit: 'ms p25',
        digits: 1,
        clocks: options.clocks,
        due: DUE,
        p50: { ours: round(many.middle, 1), floor: round(few.middle, 1) },
        table: size,
      });
    });
  } finally {
    await nats.close();
  }
}
