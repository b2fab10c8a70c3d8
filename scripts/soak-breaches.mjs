// `npm run soak:breaches`: all set-up, then breaches under fire (docs/benchmarks.md).
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'bench/soak-breaches.mjs'), ...process.argv.slice(2)]);
