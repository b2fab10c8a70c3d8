import type { Command } from 'commander';
import type { SlaReportRow, SlaReportView } from '#shared/contracts/sla-reports.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { spanOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

interface Options {
  from?: string;
  to?: string;
  by?: string;
  csv?: boolean;
}

type Target = keyof SlaReportRow['targets'];

const percent = (row: SlaReportRow, target: Target): string => {
  const { compliancePercent } = row.targets[target];
  return compliancePercent === null ? '' : `${compliancePercent} %`;
};
const median = (row: SlaReportRow, target: Target): string => {
  const { medianMs } = row.targets[target];
  return medianMs === null ? '' : spanOf(medianMs);
};
const groupOf = ({ week, policy, priority, team, agent }: SlaReportRow): string =>
  [week, policy?.name, priority, team?.name, agent?.name].filter(Boolean).join(', ');

const COLUMNS: Column<SlaReportRow>[] = [
  { title: 'OF', of: (row) => groupOf(row) || 'all', flexible: true },
  { title: 'TICKETS', of: ({ tickets }) => String(tickets), right: true },
  { title: 'FIRST', of: (row) => percent(row, 'first_response'), right: true },
  { title: 'MEDIAN', of: (row) => median(row, 'first_response'), right: true },
  { title: 'NEXT', of: (row) => percent(row, 'next_response'), right: true },
  { title: 'RESOLVE', of: (row) => percent(row, 'resolution'), right: true },
  { title: 'MEDIAN', of: (row) => median(row, 'resolution'), right: true },
];

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** `deskwire sla report`: how deadlines were kept. */
export function addSlaReportCommand(sla: Command): void {
  const command = deskCommand<Options>(
    sla,
    'report',
    'how deadlines were kept: targets met of those that were due, and medians',
    async (desk, _, { from, to, by, csv }) => {
      const query = { from: from ?? daysAgo(28), to: to ?? daysAgo(0), groupBy: by };
      if (csv) {
        const answer = await desk.api.fetch('GET', '/sla/reports', { query, headers: { accept: 'text/csv' } });
        return desk.out.screen.write(await answer.text());
      }
      const report = await desk.api.get<SlaReportView>('/sla/reports', query);
      await desk.out.one(report, () => {
        const rows = report.rows.length > 0 ? [...report.rows, report.total] : [report.total];
        return desk.out.table(rows, COLUMNS, Date.now());
      });
    },
  )
    .option('--from <date>', 'tickets opened since (four weeks ago unless told)')
    .option('--to <date>', 'and before this (now unless told)')
    .option('--by <groups>', 'week, policy, priority, team, agent; several by comma')
    .option('--csv', 'as CSV, for a spreadsheet');
  withCommonOptions(command);
}
