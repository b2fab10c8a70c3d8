// Writes deploy/nats.conf from the table of users and permissions: `npm run -s deploy:nats`. test/deployment.spec.ts fails
// when it is stale. Passwords are not in it: nats-server takes them from its environment.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsConf } from '../apps/cli/src/stack/nats-conf.js';

export const DEPLOYED_NATS_CONF = join(import.meta.dirname, '../deploy/nats.conf');

/** `ticket-core` → `NATS_PASSWORD_TICKET_CORE` */
export const natsPasswordVariable = (user: string): string =>
  `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

export const deployedNatsConf = (): string =>
  natsConf({
    listen: '0.0.0.0:4222',
    storeFolder: '/data',
    maxMemory: '64MB',
    maxFile: '8GB',
    passwordOf: (user) => `$${natsPasswordVariable(user)}`,
  });

if (process.argv[1] === import.meta.filename) writeFileSync(DEPLOYED_NATS_CONF, deployedNatsConf());
