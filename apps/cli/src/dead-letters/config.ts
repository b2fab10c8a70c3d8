import { z } from 'zod';
import { readConfig } from '#shared/service/read-config.js';
import { CliProblem } from '../desk/problem.js';
import { readStackFile } from '../stack/stack-file.js';
import { defaultHome } from '../stack/config.js';

/** The bus: NATS_URL, else that of the stack which runs in DESKWIRE_HOME. */
export async function readBusConfig(): Promise<string> {
  const { NATS_URL, DESKWIRE_HOME } = readConfig(
    { NATS_URL: z.string().optional(), DESKWIRE_HOME: z.string().optional() },
    process.env,
  );
  const url = NATS_URL ?? (await readStackFile(DESKWIRE_HOME ?? defaultHome()))?.natsUrl;
  if (!url) throw new CliProblem('No desk runs on this machine: start one (npm start), or set NATS_URL', 6);
  return url;
}
