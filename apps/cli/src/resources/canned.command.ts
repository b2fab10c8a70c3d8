import type { Command } from 'commander';
import type { z } from 'zod';
import type { cannedVariable, RenderedCanned } from '#shared/contracts/canned-responses.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { named } from '../desk/who-is-meant.js';
import { type Column, printable } from '../output/table.js';

interface Canned {
  id: string;
  title: string;
  shortcut: string | null;
}

type CannedVariable = z.output<typeof cannedVariable>;

const VARIABLES: Column<CannedVariable>[] = [
  { title: 'VARIABLE', of: ({ name }) => `{{${name}}}` },
  { title: 'IS', of: ({ description }) => description, flexible: true },
  { title: 'SUCH AS', of: ({ example }) => example },
];

/** `deskwire canned render|variables`: what it would say, before it is said, and what it may speak of. */
export function addCannedCommands(canned: Command): void {
  const variables = deskCommand(canned, 'variables', 'what a text may speak of', async (desk) => {
    const answer = await desk.api.get<{ items: CannedVariable[] }>('/canned-responses/variables');
    await desk.out.list(answer, VARIABLES, 'None.');
  });
  withCommonOptions(variables);

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
