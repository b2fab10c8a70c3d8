import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { eachOf } from '../desk/each-of.js';
import { ticketName, ticketPath } from '../tickets/ticket-path.js';

/** `deskwire sla pause|resume`: a ticket's clocks by hand. */
export function addSlaPauseCommands(sla: Command): void {
  const pause = deskCommand<{ reason?: string }>(
    sla,
    'pause',
    'stop the clocks of tickets by hand, until they are resumed',
    (desk, refs, { reason }) =>
      eachOf(
        desk,
        refs,
        (ref) => desk.api.post(`${ticketPath(ref)}/sla/pause`, { reason }),
        (_, ref) => `The clocks of ${ticketName(ref)} stand still. To go on: deskwire sla resume ${ref}`,
      ),
  );
  withCommonOptions(pause.argument('<ticket...>', 'number or id').option('--reason <text>', 'why'));

  const resume = deskCommand(sla, 'resume', 'let them go on', (desk, refs) =>
    eachOf(
      desk,
      refs,
      (ref) => desk.api.post(`${ticketPath(ref)}/sla/resume`),
      (_, ref) => `The clocks of ${ticketName(ref)} go on.`,
    ),
  );
  withCommonOptions(resume.argument('<ticket...>', 'number or id'));
}
