import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { addCompletionCommand } from './completion/completion.command.js';
import { addApiCommand } from './desk/api.command.js';
import { addConfigCommand } from './desk/config.command.js';
import { EXIT_CODES_IN_WORDS } from './desk/problem.js';
import { addDeadLetterCommand } from './dead-letters/dead-letter.command.js';
import { addMailInspectCommand } from './mail/inspect.command.js';
import { addNotificationCommand } from './people/notification.command.js';
import { AGENTS, COMPANIES, CONTACTS, KEYS, TEAMS } from './resources/people.js';
import { CALENDARS, POLICIES } from './resources/policies.js';
import { addResourceCommands } from './resources/resource-commands.js';
import { CANNED_RESPONSES, CATEGORIES, CUSTOM_FIELDS, TAGS, TEMPLATES, VIEWS } from './resources/vocabulary.js';
import { addAuditCommand } from './organisations/audit.command.js';
import { addOrgCommand } from './organisations/org.command.js';
import { addSlaBacktestCommand } from './sla/backtest.command.js';
import { addSlaBreachesCommand } from './sla/breaches.command.js';
import { addSlaPauseCommands } from './sla/pause.command.js';
import { addSlaReportCommand } from './sla/report.command.js';
import { addSlaSimulateCommand } from './sla/simulate.command.js';
import { addStartCommand } from './stack/start.command.js';
import { addAttachmentCommand } from './tickets/attachment.command.js';
import { addMessageCommands } from './tickets/message.command.js';
import { addTicketCommand } from './tickets/ticket.command.js';
import { addTimeCommand } from './tickets/time.command.js';

/** Of the package that this is part of, from its sources or built. */
function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return dirname(folder) === folder ? 'unknown' : versionOf(dirname(folder));
}

/** The whole command line, as a tree. */
export function buildProgram(): Command {
  const program = new Command('deskwire')
    .description('The help desk where the people are.')
    .version(versionOf(import.meta.dirname), '-V, --version', 'which version this is')
    .showHelpAfterError('(deskwire … --help says more)')
    .addHelpText('after', `\n${EXIT_CODES_IN_WORDS}`)
    // Wrong usage is wrong input; help that was asked for is none.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

  program.commandsGroup('Tickets:');
  addTicketCommand(program);
  addMessageCommands(program);
  addAttachmentCommand(program);
  addTimeCommand(program);
  const sla = program.command('sla').description('deadlines: breaches, report, pause, resume, simulate, backtest');
  addSlaBreachesCommand(sla);
  addSlaReportCommand(sla);
  addSlaPauseCommands(sla);
  addSlaSimulateCommand(sla);
  addSlaBacktestCommand(sla);
  addNotificationCommand(program);

  program.commandsGroup('What the desk knows:');
  addResourceCommands(program, TAGS);
  addResourceCommands(program, CATEGORIES);
  addResourceCommands(program, CUSTOM_FIELDS);
  addResourceCommands(program, CANNED_RESPONSES);
  addResourceCommands(program, TEMPLATES);
  addResourceCommands(program, VIEWS);
  addResourceCommands(program, POLICIES);
  addResourceCommands(program, CALENDARS);
  addResourceCommands(program, CONTACTS);
  addResourceCommands(program, COMPANIES);

  program.commandsGroup('People and access:');
  addResourceCommands(program, AGENTS);
  addResourceCommands(program, TEAMS);
  addResourceCommands(program, KEYS);
  addOrgCommand(program);
  addAuditCommand(program);

  program.commandsGroup('Anything else:');
  addApiCommand(program);

  program.commandsGroup('This machine:');
  addStartCommand(program);
  addConfigCommand(program);
  addMailInspectCommand(program.command('mail').description('mails as Deskwire reads them: inspect'));
  addDeadLetterCommand(program);
  addCompletionCommand(program);
  return program;
}
