import { buildProgram } from './program.js';

// A closed pipe (`deskwire … | head`) is no error.
process.stdout.on('error', () => process.exit());

await buildProgram().parseAsync();
