import { portsInUse, type StackConfig } from './config.js';
import { freePorts, portProblem } from './free-ports.js';

/** Only our own services and whoever reads stack.json come here: nobody has the number in a bookmark or a firewall. */
const QUIET = new Set(['MAIL_HTTP_PORT', 'SLA_HTTP_PORT', 'PLAYGROUND_SMTP_PORT']);

/** The same, but a quiet port that nobody chose and another program has is a free one: a second desk starts beside a first. */
export async function makeRoom(config: StackConfig): Promise<StackConfig> {
  const all = portsInUse(config);
  const taken: string[] = [];
  for (const { variable, port, host } of all) {
    if (!QUIET.has(variable) || config.inherited[variable] !== undefined) continue;
    if ((await portProblem(host, port)) === 'EADDRINUSE') taken.push(variable);
  }
  const free = await freePorts(taken.length, new Set(all.map(({ port }) => port)));
  return { ...config, ...Object.fromEntries(taken.map((variable, place) => [variable, free[place]])) };
}
