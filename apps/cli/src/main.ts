import { buildProgram } from './program.js';
import { withGlobalOptionsLast, withVerb } from './shorthand.js';

// A closed pipe (`deskwire … | head`) is no error.
process.stdout.on('error', () => process.exit());

const program = buildProgram();
const words = withGlobalOptionsLast(program, process.argv.slice(2));
await program.parseAsync(withVerb(program, words), { from: 'user' });
