import type { Command } from 'commander';
import type { TicketView } from '#shared/contracts/tickets.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { list } from '../desk/fields.js';
import { oneLine } from '../output/table.js';
import { ticketPath } from './ticket-path.js';

/** `deskwire ticket tag|untag`: beside those that a ticket has; `update --tags` sets all of them. */
export function addTicketTags(ticket: Command): void {
  const page = ({ number, tags }: TicketView) =>
    `#${number} has ${tags.length > 0 ? oneLine(tags.join(', ')) : 'no tag'}.`;

  const tag = deskCommand(ticket, 'tag', 'put tags on a ticket', async (desk, [ref, ...names]) => {
    const one = await desk.api.post<TicketView>(`${ticketPath(ref!)}/tags`, { tags: names.flatMap(list) });
    await desk.out.one(one, () => page(one));
  });
  withCommonOptions(tag.argument('<ticket>', 'number or id').argument('<tag...>', 'new ones are made'));

  const untag = deskCommand(ticket, 'untag', 'take tags off a ticket', async (desk, [ref, ...names]) => {
    let one: TicketView | undefined;
    for (const name of names.flatMap(list))
      one = await desk.api.delete<TicketView>(`${ticketPath(ref!)}/tags/${encodeURIComponent(name)}`);
    await desk.out.one(one, () => page(one!));
  });
  withCommonOptions(untag.argument('<ticket>', 'number or id').argument('<tag...>', 'names'));
}
