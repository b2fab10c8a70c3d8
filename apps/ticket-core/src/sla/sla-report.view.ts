import type { SlaReportRow, SlaReportView } from '#shared/contracts/sla-reports.js';
import type { ReportGroup, TargetRow, TicketCountRow } from './report.repository.js';

type By = SlaReportView['groupBy'];
const NONE = { met: 0, breached: 0, cancelled: 0, open: 0, compliancePercent: null, medianMs: null, p90Ms: null };

/** Of those that were met or missed, one decimal; null when none was yet. Never rounded up to 100. */
export function complianceOf(met: number, breached: number): number | null {
  if (met + breached === 0) return null;
  return Math.floor((1_000 * met) / (met + breached)) / 10;
}

/** Lines of a report, from what Postgres counted: tickets by group, and clocks by group and target. */
export function reportRowsOf(
  by: By,
  tickets: readonly TicketCountRow[],
  targets: readonly TargetRow[],
): { total: SlaReportRow; rows: SlaReportRow[] } {
  const rows = new Map<string, SlaReportRow>();
  for (const row of tickets) rows.set(keyOf(row), { ...groupOf(by, row), tickets: row.tickets, targets: noTargets() });
  for (const row of targets) {
    const { target, met, breached, cancelled, open, median_ms: medianMs, p90_ms: p90Ms } = row;
    const group = rows.get(keyOf(row));
    const compliancePercent = complianceOf(met, breached);
    if (group) group.targets[target] = { met, breached, cancelled, open, compliancePercent, medianMs, p90Ms };
  }
  const total = rows.get(TOTAL) ?? { tickets: 0, targets: noTargets() };
  rows.delete(TOTAL);
  return { total, rows: by.length === 0 ? [] : [...rows.values()] };
}

const TOTAL = 'total';
const keyOf = (row: ReportGroup): string =>
  row.is_total
    ? TOTAL
    : JSON.stringify([row.week, row.policy_id, row.policy_name, row.priority, row.team_id, row.agent_id]);

const noTargets = (): SlaReportRow['targets'] => ({
  first_response: { ...NONE },
  next_response: { ...NONE },
  resolution: { ...NONE },
});

function groupOf(by: By, row: ReportGroup): Partial<SlaReportRow> {
  if (row.is_total) return {};
  const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });
  return {
    ...(by.includes('week') && { week: row.week! }),
    ...(by.includes('policy') && { policy: named(row.policy_id, row.policy_name) }),
    ...(by.includes('priority') && { priority: row.priority as NonNullable<SlaReportRow['priority']> }),
    ...(by.includes('team') && { team: named(row.team_id, row.team_name) }),
    ...(by.includes('agent') && { agent: named(row.agent_id, row.agent_name) }),
  };
}

const TARGETS = ['first_response', 'next_response', 'resolution'] as const;
const FIELDS = ['met', 'breached', 'cancelled', 'open', 'compliancePercent', 'medianMs', 'p90Ms'] as const;
const COLUMNS: Record<(typeof FIELDS)[number], string> = {
  met: 'met',
  breached: 'breached',
  cancelled: 'cancelled',
  open: 'open',
  compliancePercent: 'compliance_percent',
  medianMs: 'median_ms',
  p90Ms: 'p90_ms',
};

/** RFC 4180, with a head, lines ending with CRLF; the last line is over all (its group says `total`). */
export function reportCsv({ groupBy, rows, total }: SlaReportView): string {
  const heads = groupBy.flatMap((by) => (by === 'week' || by === 'priority' ? [by] : [by, `${by}_id`]));
  const columns = TARGETS.flatMap((target) => FIELDS.map((field) => `${target}_${COLUMNS[field]}`));
  const line = (row: SlaReportRow, group: readonly (string | null)[]) => [
    ...group,
    row.tickets,
    ...TARGETS.flatMap((target) => FIELDS.map((field) => row.targets[target][field])),
  ];
  const lines = [
    [...(groupBy.length > 0 ? heads : ['group']), 'tickets', ...columns],
    ...rows.map((row) =>
      line(
        row,
        groupBy.flatMap((by) => groupCells(by, row)),
      ),
    ),
    line(total, ['total', ...Array<null>(Math.max(0, heads.length - 1)).fill(null)]),
  ];
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function groupCells(by: By[number], row: SlaReportRow): (string | null)[] {
  if (by === 'week') return [row.week ?? null];
  if (by === 'priority') return [row.priority ?? null];
  return [row[by]?.name ?? null, row[by]?.id ?? null];
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // People name policies and teams: none may be a formula to the spreadsheet that opens this (OWASP, CSV injection).
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
