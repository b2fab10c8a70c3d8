import autocannon from 'autocannon';
import { comparison, median, round } from '../figures.mjs';
import { cpuOf } from '../processes.mjs';

const CONNECTIONS = 32;
const BODY = {
  subject: 'The export ends with a white page',
  description: 'Since this morning the export of our monthly report ends with a white page.\n\nTwo browsers, the same.',
  priority: 'high',
  category: 'bug',
  tags: ['export', 'report'],
};

/**
 * POST /tickets over 32 connections against a plain server that writes the same rows (floors/tickets-http.mjs). Judged with
 * an organisation for each connection, where no counter makes anybody wait; the other case is told beside it.
 */
export async function openTickets(bench, options, say) {
  const stack = await bench.stack();
  const orgs = await stack.organisations(CONNECTIONS, 'post');
  const url = `${stack.apiUrl}/api/v1/tickets`;
  await sample(url, orgs[0]);
  const floor = await bench.child('floors/tickets-http.mjs', stack.databaseUrl, orgs[0].orgId);
  const floorUrl = `http://127.0.0.1:${floor.ready.port}/tickets`;

  const rates = { ours: [], floor: [], oursOne: [], floorOne: [] };
  const latencies = [];
  let cpuMsPerTicket = null;
  const one = Array.from({ length: CONNECTIONS }, () => orgs[1]);
  await post(floorUrl, orgs, 2);
  await post(url, orgs, 2);
  for (let at = 0; at < options.rounds; at++) {
    rates.floor.push((await post(floorUrl, orgs, options.seconds)).rate);
    const { result: ours, cpu } = await cpuOf(stack, 1, () => post(url, orgs, options.seconds));
    cpuMsPerTicket =
      cpu && Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, round(ms / ours.count, 3)]));
    rates.ours.push(ours.rate);
    latencies.push(ours.p99);
    rates.floorOne.push((await post(floorUrl, one, options.seconds)).rate);
    rates.oursOne.push((await post(url, one, options.seconds)).rate);
    say(
      `  spread ${round(rates.ours[at])} of ${round(rates.floor[at])}, one organisation ${round(rates.oursOne[at])} of ${round(rates.floorOne[at])}`,
    );
  }
  await floor.stop();
  return comparison('open-tickets', {
    ours: median(rates.ours),
    floor: median(rates.floor),
    target: 0.6,
    unit: 'tickets/s',
    p99Ms: median(latencies),
    cpuMsPerTicket,
    oneOrganisation: {
      ours: round(median(rates.oursOne)),
      floor: round(median(rates.floorOne)),
      ratio: round(median(rates.oursOne) / median(rates.floorOne), 3),
    },
  });
}

/** One ticket, whose rows the floor copies. */
async function sample(url, { apiKey }) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  });
  if (answer.status !== 201) throw new Error(`POST /tickets: ${answer.status} ${await answer.text()}`);
}

/** Answers a second, and the time in which 99 of 100 came. */
async function post(url, orgs, seconds) {
  let next = 0;
  const result = await autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    body: JSON.stringify(BODY),
    setupClient: (client) => {
      const { apiKey, orgId } = orgs[next++ % orgs.length];
      client.setHeaders({
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'x-organisation': orgId,
      });
    },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return { count: result['2xx'], rate: result['2xx'] / result.duration, p99: result.latency.p99 };
}
