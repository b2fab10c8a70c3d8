import { z } from 'zod';
import { readConfig } from '#shared/service/read-config.js';
import { migrate } from './database/migrate.js';
import { seedAcme } from './database/seed-acme.js';

/** The release step: schema and roles, and on the embedded stack the organisation to try things with. */
const config = readConfig(
  {
    /** The owner of the schema. */
    DATABASE_URL: z.string().min(1),
    DATABASE_APP_URL: z.string().min(1),
    DATABASE_WORKER_URL: z.string().min(1),
    /** `acme`: seed the organisation Acme with its agents, a key and the default policies. */
    SEED_ORGANISATION: z.literal('acme').optional(),
    SEED_API_KEY: z.string().min(20).optional(),
    MAIL_DOMAIN: z.string().min(1).default('acme.test'),
  },
  process.env,
);

try {
  const applied = await migrate({
    databaseUrl: config.DATABASE_URL,
    appUrl: config.DATABASE_APP_URL,
    workerUrl: config.DATABASE_WORKER_URL,
  });
  for (const name of applied) process.stdout.write(`applied ${name}\n`);
  if (config.SEED_ORGANISATION) {
    await seedAcme(config.DATABASE_URL, { apiKey: config.SEED_API_KEY ?? null, mailDomain: config.MAIL_DOMAIN });
  }
} catch (error) {
  process.stderr.write(`The database could not be prepared: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
