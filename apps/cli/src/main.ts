import { Command } from 'commander';
import { addStartCommand } from './stack/start.command.js';

const program = new Command('deskwire').description('The help desk where the people are.').showHelpAfterError();
addStartCommand(program);
await program.parseAsync();
