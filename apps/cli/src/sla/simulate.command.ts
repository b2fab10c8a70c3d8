import type { Command } from 'commander';
import { ZodError } from 'zod';
import { textFrom } from '../desk/fields.js';

/** `deskwire sla simulate`: what the clocks would say, with no database. A wrong scenario names each field. */
export function addSlaSimulateCommand(sla: Command): void {
  sla
    .command('simulate')
    .description('play a history against a policy and show every clock, with the arithmetic')
    .requiredOption('--file <scenario.json>', 'policy, calendar, events and now, as JSON ("-" for standard input)')
    .action(async (options: { file: string }) => {
      const { simulateSla } = await import('#sla/simulate.js');
      try {
        const text = await textFrom(options.file);
        process.stdout.write(`${JSON.stringify(simulateSla(JSON.parse(text)), null, 2)}\n`);
      } catch (error) {
        process.stderr.write(`${options.file}: ${whatIsWrong(error)}\n`);
        process.exitCode = 1;
      }
    });
}

function whatIsWrong(error: unknown): string {
  if (error instanceof ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'the scenario'}: ${message}`).join('\n  ');
  }
  if (error instanceof SyntaxError) return `this is not JSON (${error.message})`;
  return error instanceof Error ? error.message : String(error);
}
