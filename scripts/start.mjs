// `npm start`: all set-up, then the whole system (apps/cli/src/stack).
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'dist/apps/cli/src/main.js'), 'start', ...process.argv.slice(2)]);
