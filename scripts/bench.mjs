// `npm run bench`: all set-up, then the benchmarks (docs/benchmarks.md).
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'bench/run.mjs'), ...process.argv.slice(2)]);
