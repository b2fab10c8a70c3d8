import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { hoursOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

interface Row {
  ticket: { id: string; number?: number; subject: string; priority: string; status: string };
  policy: { name: string } | null;
  breachType?: string;
  breachDuration?: number;
  warningType?: string;
  timeRemaining?: number;
}

interface Answer {
  items: Row[];
  warnings: Row[];
}

const minutes = (ms: number): string => hoursOf(Math.max(1, Math.round(ms / 60_000)));

const COLUMNS: Column<Row>[] = [
  { title: '#', of: ({ ticket }) => String(ticket.number ?? ''), right: true },
  { title: 'STATUS', of: ({ ticket }) => ticket.status },
  { title: 'PRIORITY', of: ({ ticket }) => ticket.priority },
  { title: 'SUBJECT', of: ({ ticket }) => ticket.subject, flexible: true },
  { title: 'TARGET', of: ({ breachType, warningType }) => (breachType ?? warningType ?? '').replaceAll('_', ' ') },
  {
    title: 'WHEN',
    of: ({ breachDuration, timeRemaining }) =>
      breachDuration === undefined ? `in ${minutes(timeRemaining ?? 0)}` : `late ${minutes(breachDuration)}`,
  },
  { title: 'POLICY', of: ({ policy }) => policy?.name ?? '', wide: true },
  { title: 'ID', of: ({ ticket }) => ticket.id, wide: true },
];

/** `deskwire sla breaches`: what was missed, and what is about to be. */
export function addSlaBreachesCommand(sla: Command): void {
  const command = deskCommand<{ warnings: boolean; limit?: string }>(
    sla,
    'breaches',
    'tickets whose deadline was missed, and those that are close to it',
    async (desk, _, { warnings, limit }) => {
      const answer = await desk.api.get<Answer>('/sla/breaches', { includeWarnings: warnings, limit });
      if (!desk.out.forPeople) return desk.out.data(answer);
      await desk.out.list({ items: [...answer.items, ...answer.warnings] }, COLUMNS, 'Every deadline is met so far.');
    },
  );
  withCommonOptions(
    command.option('--no-warnings', 'only what was missed').option('--limit <n>', 'how many at most (50 unless told)'),
  );
}
