// `npm run sla:property [-- how many]`: the long run of the clocks' property tests, from a clean clone on. The short one is in `npm test`.
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'dist/libs/sla/src/testing/try-many-histories.js'), ...process.argv.slice(2)]);
