import type { Command } from 'commander';
import type { RenderedCanned } from '#shared/contracts/canned-responses.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { named } from '../desk/who-is-meant.js';
import { printable } from '../output/table.js';

interface Canned {
  id: string;
  title: string;
  shortcut: string | null;
}

/** `deskwire canned render`: what it would say, before it is said. */
export function addRenderCanned(canned: Command): void {
  const render = deskCommand<{ ticket?: string }>(
    canned,
    'render',
    'show its text with the variables filled in',
    async (desk, [name], { ticket }) => {
      const { id } = await named<Canned>(desk.api, '/canned-responses', name!, 'canned response', (one) => [
        one.title,
        one.shortcut,
      ]);
      const answer = await desk.api.post<RenderedCanned>(`/canned-responses/${id}/render`, {
        ...(ticket !== undefined && { ticket: ticket.replace(/^#/, '') }),
      });
      const missing = answer.missing.length > 0 ? `\n\nWithout a value: ${answer.missing.join(', ')}` : '';
      await desk.out.one(answer, () => `${printable(answer.content)}${missing}`);
    },
  );
  withCommonOptions(
    render.argument('<name>', 'shortcut, title or id').option('--ticket <ticket>', 'whose values: number or id'),
  );
}
