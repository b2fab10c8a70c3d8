import { buildProgram } from './program.js';
import { withVerb } from './shorthand.js';

// A closed pipe (`deskwire … | head`) is no error.
process.stdout.on('error', () => process.exit());

const program = buildProgram();
await program.parseAsync(withVerb(program, process.argv.slice(2)), { from: 'user' });
