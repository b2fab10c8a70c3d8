import type { Command } from 'commander';
import type { BacktestPage } from '#shared/contracts/sla-reports.js';
import { counted } from '#shared/words/counted.js';
import { deskCommand, withCommonOptions, type Desk } from '../desk/desk-command.js';
import { textFrom } from '../desk/fields.js';
import { CliProblem } from '../desk/problem.js';
import type { Column } from '../output/table.js';
import { addPage, type Backtest, mostTelling, noPage } from './backtest-sum.js';

interface Options {
  policy: string;
  since: string;
  until?: string;
  pageSize: string;
}

/** `deskwire sla backtest`: what a proposed policy would have done to the tickets of the past. Nothing is changed. */
export function addSlaBacktestCommand(sla: Command): void {
  const command = deskCommand<Options>(
    sla,
    'backtest',
    'try a policy on the tickets of the past: how many targets would have been breached, and how many were',
    backtest,
  )
    .requiredOption('--policy <proposed.json>', 'the policy, as it would be created ("-" for standard input)')
    .requiredOption('--since <date>', 'tickets opened from here on, such as 2026-08-01')
    .option('--until <date>', 'and before this; without it, up to now')
    .option('--page-size <tickets>', 'how many tickets to ask for at once', '500');
  withCommonOptions(command);
}

async function backtest({ api, out }: Desk, _args: string[], options: Options): Promise<void> {
  const policy = await readPolicy(options.policy);
  const { since, until } = options;
  const shows = process.stderr.isTTY;
  let sum: Backtest = noPage(since, until ?? null);
  for (let cursor: string | null = null; ;) {
    const asked = {
      policy,
      since,
      ...(until && { until }),
      limit: Number(options.pageSize),
      ...(cursor && { cursor }),
    };
    const page: BacktestPage = await api.post<BacktestPage>('/sla/policies/backtest', asked);
    sum = addPage(sum, page);
    if (shows) process.stderr.write(`\r${sum.tickets} of ${counted(sum.total, 'ticket')}`);
    cursor = page.nextCursor;
    if (!cursor) break;
  }
  if (shows) process.stderr.write('\r\u001b[K');
  await out.one(sum, () => pageOf(sum, (rows, columns) => out.table(rows, columns, Date.now())));
}

async function readPolicy(path: string): Promise<unknown> {
  const text = await textFrom(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliProblem(`${path}: this is not JSON (${(error as Error).message})`, 2);
  }
}

const TARGETS = { first_response: 'first response', next_response: 'next response', resolution: 'resolution' };
const signed = (difference: number): string => (difference > 0 ? `+${difference}` : String(difference));

const COLUMNS: Column<Backtest['rows'][number]>[] = [
  { title: 'PRIORITY', of: ({ priority }) => priority },
  { title: 'TARGET', of: ({ target }) => TARGETS[target] },
  { title: 'TICKETS', of: ({ tickets }) => String(tickets), right: true },
  { title: 'WERE BREACHED', of: ({ breached }) => String(breached), right: true },
  { title: 'WOULD BE', of: ({ wouldBeBreached }) => String(wouldBeBreached), right: true },
  { title: 'CHANGE', of: ({ breached, wouldBeBreached }) => signed(wouldBeBreached - breached), right: true },
];
const DIFFERING: Column<Backtest['differing'][number]>[] = [
  { title: '#', of: ({ ticket }) => String(ticket.number), right: true },
  { title: 'SUBJECT', of: ({ ticket }) => ticket.subject, flexible: true },
  { title: 'TARGET', of: ({ target }) => TARGETS[target] },
  { title: 'WAS', of: ({ was }) => was ?? 'no target' },
  { title: 'WOULD BE', of: ({ would }) => would ?? 'no target' },
  { title: 'LATE BY', of: ({ lateMs }) => (lateMs === null ? '' : minutesOf(lateMs)), right: true },
];

const minutesOf = (ms: number): string => {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

type Draw = <Item>(rows: readonly Item[], columns: readonly Column<Item>[]) => string;

/** For people. */
export function pageOf(sum: Backtest, draw: Draw): string {
  const { tickets, applies, rows, differing, differ } = sum;
  const opened = `${counted(tickets, 'ticket')} opened since ${sum.since}${sum.until ? ` and before ${sum.until}` : ''}`;
  if (applies === 0) return `${opened}: the policy applies to none of them.`;
  const head = `${opened}; the policy applies to ${applies} of them.`;
  const table = rows.length > 0 ? draw(rows, COLUMNS) : 'No target would have been there, nor was.';
  if (differ === 0) return [head, '', table, '', 'No ticket differs.'].join('\n');
  const cut = differ > differing.length ? `; the ${differing.length} that tell most` : '';
  return [
    head,
    '',
    table,
    '',
    `${differ} ${differ === 1 ? 'differs' : 'differ'}${cut}:`,
    draw(mostTelling(differing), DIFFERING),
  ].join('\n');
}
