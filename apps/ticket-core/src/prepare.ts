import { migrate } from './database/migrate.js';
import { readPrepareConfig } from './prepare.config.js';
import { seedAcme } from './database/seed-acme.js';

/** The release step: schema and roles, and on the embedded stack the organisation to try things with. */
const config = readPrepareConfig();

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
