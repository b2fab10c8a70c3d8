import type { Command } from 'commander';
import type { z } from 'zod';
import type { policyChangeList } from '#shared/contracts/sla-policies.js';
import { counted } from '#shared/words/counted.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { fromFile } from '../desk/fields.js';
import { named } from '../desk/who-is-meant.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

type PolicyChange = z.output<typeof policyChangeList>['items'][number];

const CHANGES: Column<PolicyChange>[] = [
  { title: 'VERSION', of: ({ version }) => String(version), right: true },
  { title: 'WHEN', of: ({ at }, nowMs) => agoOf(at, nowMs) },
  { title: 'WHO', of: ({ by }) => by.name || by.kind },
  { title: 'DID', of: ({ what }) => what },
  {
    title: 'WHAT',
    of: ({ changes }) =>
      changes.map(({ field, from, to }) => `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`).join('; '),
    flexible: true,
  },
  { title: 'OPEN TICKETS', of: ({ openTickets }) => openTickets?.state ?? '', wide: true },
];

/** `deskwire policy history|preview`. What it would have done in the past: `deskwire sla backtest`. */
export function addPolicyCommands(policy: Command): void {
  const history = deskCommand(policy, 'history', 'who changed what of it', async (desk, [name]) => {
    const { id } = await named<{ id: string; name: string }>(desk.api, '/sla/policies', name!, 'SLA policy', (one) => [
      one.name,
    ]);
    await desk.out.list(
      await desk.api.get<{ items: PolicyChange[] }>(`/sla/policies/${id}/changes`),
      CHANGES,
      'Nothing.',
    );
  }).alias('changes');
  withCommonOptions(history.argument('<name>', 'id or name of the SLA policy'));

  const preview = deskCommand<{ file: string }>(
    policy,
    'preview',
    'how many open tickets a proposed policy would catch; nothing is changed',
    async (desk, _, { file }) => {
      const answer = await desk.api.post<{ openTickets: number; matches: number; catches: number }>(
        '/sla/policies/preview',
        await fromFile(file),
      );
      const { openTickets, matches, catches } = answer;
      await desk.out.one(
        answer,
        () =>
          `${matches} of ${counted(openTickets, 'open ticket')} ${matches === 1 ? 'fits' : 'fit'}, and ${catches} would get it.`,
      );
    },
  );
  preview.requiredOption(
    '-f, --file <file>',
    'the policy, as it would be created, as JSON or YAML ("-": standard input)',
  );
  withCommonOptions(preview);
}
