#!/usr/bin/env node
// `npx deskwire …`: all set-up, then the command line (apps/cli).
import { join } from 'node:path';
import { become, node24, root, setUp } from './setup.mjs';

setUp();
become(node24, [join(root, 'dist/apps/cli/src/main.js'), ...process.argv.slice(2)]);
