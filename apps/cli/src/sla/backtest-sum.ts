import type { BacktestPage } from '#shared/contracts/sla-reports.js';

/** The pages of a backtest, added up. */
export interface Backtest {
  since: string;
  until: string | null;
  /** Looked at so far, of `total`. */
  tickets: number;
  total: number;
  applies: number;
  rows: BacktestPage['rows'];
  /** How many targets differ, and those that tell most. */
  differ: number;
  differing: BacktestPage['differing'];
}

const SHOWN = 20;
const PRIORITIES = ['urgent', 'high', 'medium', 'low'];
const TARGETS = ['first_response', 'next_response', 'resolution'];

export const noPage = (since: string, until: string | null): Backtest => ({
  since,
  until,
  tickets: 0,
  total: 0,
  applies: 0,
  rows: [],
  differ: 0,
  differing: [],
});

export function addPage(sum: Backtest, page: BacktestPage): Backtest {
  const rows = sum.rows.map((row) => ({ ...row }));
  for (const row of page.rows) {
    const known = rows.find(({ priority, target }) => priority === row.priority && target === row.target);
    if (!known) rows.push({ ...row });
    else {
      known.tickets += row.tickets;
      known.breached += row.breached;
      known.wouldBeBreached += row.wouldBeBreached;
    }
  }
  const rank = (row: (typeof rows)[number]) =>
    PRIORITIES.indexOf(row.priority) * TARGETS.length + TARGETS.indexOf(row.target);
  return {
    ...sum,
    tickets: sum.tickets + page.tickets,
    total: page.total ?? sum.total,
    applies: sum.applies + page.applies,
    rows: rows.toSorted((a, b) => rank(a) - rank(b)),
    differ: sum.differ + page.differing.length,
    differing: mostTelling([...sum.differing, ...page.differing]).slice(0, SHOWN),
  };
}

/** What would have been late and was not, the latest first; then what would have been saved. */
export const mostTelling = (differing: BacktestPage['differing']): BacktestPage['differing'] =>
  differing.toSorted((a, b) => (b.lateMs ?? -1) - (a.lateMs ?? -1) || a.ticket.number - b.ticket.number);
