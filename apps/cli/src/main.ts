import { Command } from 'commander';
import { addDeadLetterCommand } from './dead-letters/dead-letter.command.js';
import { addMailInspectCommand } from './mail/inspect.command.js';
import { addSlaSimulateCommand } from './sla/simulate.command.js';
import { addStartCommand } from './stack/start.command.js';

const program = new Command('deskwire').description('The help desk where the people are.').showHelpAfterError();
// A closed pipe (`deskwire … | head`) is no error.
process.stdout.on('error', () => process.exit());

addStartCommand(program);
addMailInspectCommand(program.command('mail').description('mails as Deskwire reads them'));
addSlaSimulateCommand(program.command('sla').description('deadlines'));
addDeadLetterCommand(program);
await program.parseAsync();
