// `npm run seed`: all set-up, then scripts/seed/seed.mjs.
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'scripts/seed/seed.mjs'), ...process.argv.slice(2)]);
