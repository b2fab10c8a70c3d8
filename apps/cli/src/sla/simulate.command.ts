import type { Command } from 'commander';
import { ZodError } from 'zod';
import { type OutputChoice, orProblem, outputOf, withOutputOptions } from '../desk/desk-command.js';
import { textFrom } from '../desk/fields.js';
import { CliProblem } from '../desk/problem.js';

/** `deskwire sla simulate`: what the clocks would say, with no database. A wrong scenario names each field. */
export function addSlaSimulateCommand(sla: Command): void {
  const simulate = sla
    .command('simulate')
    .description('play a history against a policy and show every clock, with the arithmetic, as JSON')
    .requiredOption('--file <scenario.json>', 'policy, calendar, events and now, as JSON ("-" for standard input)')
    .action((options: OutputChoice & { file: string }) =>
      orProblem(async () => {
        const { simulateSla } = await import('#sla/simulate.js');
        const text = await textFrom(options.file);
        await outputOf(options).data(simulated(simulateSla, text, options.file));
      }),
    );
  withOutputOptions(simulate);
}

function simulated<Answer>(simulate: (scenario: unknown) => Answer, text: string, file: string): Answer {
  try {
    return simulate(JSON.parse(text));
  } catch (error) {
    throw new CliProblem(`${file}: ${whatIsWrong(error)}`, 2);
  }
}

function whatIsWrong(error: unknown): string {
  if (error instanceof ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'the scenario'}: ${message}`).join('\n  ');
  }
  if (error instanceof SyntaxError) return `this is not JSON (${error.message})`;
  return error instanceof Error ? error.message : String(error);
}
