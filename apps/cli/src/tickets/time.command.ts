import type { Command } from 'commander';
import { confirm, YES_OPTION } from '../desk/confirm.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import type { DeskApi } from '../desk/desk-api.js';
import { CliProblem } from '../desk/problem.js';
import { addFields, type Field, fieldsOf } from '../desk/fields.js';
import { ago, dayHere, orWithinDay } from '../desk/instants.js';
import { agentIdOf, idGiven } from '../desk/who-is-meant.js';
import { agoOf, hoursOf, minutesOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import { ticketName, ticketPath } from './ticket-path.js';

interface TimeEntry {
  id: string;
  minutes: number;
  description: string;
  billable: boolean;
  workedAt: string;
  agent?: { name: string } | null;
  ticketNumber?: number;
  invoicedAt?: string | null;
}

const COLUMNS: Column<TimeEntry>[] = [
  { title: 'WHEN', of: ({ workedAt: at }) => dayHere(at) },
  { title: 'WHO', of: ({ agent }) => agent?.name ?? '' },
  { title: '#', of: ({ ticketNumber }) => (ticketNumber ? String(ticketNumber) : ''), right: true },
  { title: 'TIME', of: ({ minutes }) => hoursOf(minutes), right: true },
  { title: 'BILLABLE', of: ({ billable }) => (billable ? 'yes' : 'no') },
  { title: 'DESCRIPTION', of: ({ description }) => description, flexible: true },
  { title: 'INVOICED', of: ({ invoicedAt: at }) => (at ? dayHere(at) : ''), wide: true },
  { title: 'ID', of: ({ id }) => id, wide: true },
];

interface LogOptions {
  description?: string;
  billable: boolean;
  at?: string;
  agent?: string;
}

/** `deskwire time …` */
export function addTimeCommand(program: Command): void {
  const time = program
    .command('time')
    .description('time worked on tickets: log, list, edit, delete, and a running timer');

  const log = deskCommand<LogOptions>(
    time,
    'log',
    'log time that was worked',
    async (desk, [ref, spent, ...words], options) => {
      const entry = await desk.api.post<TimeEntry>(`${ticketPath(ref!)}/time`, {
        minutes: readMinutes(spent!),
        description: options.description ?? words.join(' '),
        billable: options.billable,
        ...(options.at !== undefined && { workedAt: workedAt(options.at) }),
        ...(options.agent !== undefined && { agentId: await agentIdOf(desk.api, options.agent) }),
      });
      await desk.out.one(
        entry,
        () => `Logged ${hoursOf(entry.minutes)} on ${ticketName(ref!)}${entry.billable ? '' : ', not billable'}.`,
      );
    },
  ).alias('add');
  log
    .argument('<ticket>', 'number or id')
    .argument('<time>', 'such as 30, 45m, 1h30m or 1:30')
    .argument('[description...]', 'what was done')
    .option('--description <text>', 'what was done')
    .option('--no-billable', 'not for the invoice')
    .option('--at <when>', 'if not now: a day, an instant, or how long ago, such as 2h')
    .option('--agent <agent>', 'for somebody else (managers)')
    .addHelpText('after', '\nExample:\n  deskwire time log 42 30m "Replaced the corrupted config"');
  withCommonOptions(log);

  addList(time);

  const edit = deskCommand<{ minutes?: string; description?: string; billable?: boolean; at?: string }>(
    time,
    'edit',
    'change an entry that is not invoiced yet',
    async (desk, [id], options) => {
      const changes = {
        ...(options.minutes !== undefined && { minutes: readMinutes(options.minutes) }),
        ...(options.description !== undefined && { description: options.description }),
        ...(options.billable !== undefined && { billable: options.billable }),
        ...(options.at !== undefined && { workedAt: workedAt(options.at) }),
      };
      if (Object.keys(changes).length === 0)
        throw new CliProblem('What shall change? See: deskwire time edit --help', 2);
      const entry = await desk.api.patch<TimeEntry>(`/time-entries/${idGiven(id!, 'time entry')}`, changes);
      await desk.out.one(entry, () => `Changed: ${hoursOf(entry.minutes)}, ${entry.description || 'without words'}.`);
    },
  ).alias('update');
  edit
    .argument('<entry>', 'its id (deskwire time list -o wide)')
    .option('--minutes <time>', 'such as 45 or 1h30m')
    .option('--description <text>', 'what was done')
    .option('--billable', 'for the invoice')
    .option('--no-billable', 'not for the invoice')
    .option('--at <when>', 'when it was done: a day, an instant, or how long ago, such as 2h');
  withCommonOptions(edit);

  const about = 'delete an entry that is not invoiced yet';
  const remove = deskCommand<{ yes?: boolean }>(time, 'delete', about, async (desk, [id], { yes }) => {
    await confirm('Delete this time entry? There is no way back.', yes);
    const answer = await desk.api.delete(`/time-entries/${idGiven(id!, 'time entry')}`);
    await desk.out.one(answer, () => 'Deleted.');
  }).alias('rm');
  withCommonOptions(remove.argument('<entry>', 'its id').option(...YES_OPTION));

  addTimer(time);
}

const FILTERS: Field[] = [
  { flags: '--agent <agent>', about: 'name, e-mail address or id; me', field: 'agentId' },
  { flags: '--from <date>', about: 'worked since: a day, an instant, or how long ago, such as 7d', read: ago },
  { flags: '--to <date>', about: 'worked before', read: ago },
  { flags: '--billable', about: 'only what is for the invoice' },
  { flags: '--no-billable', about: 'only what is not', field: 'billable' },
  { flags: '--invoiced', about: 'only what is on an invoice' },
  { flags: '--no-invoiced', about: 'only what is on none yet', field: 'invoiced' },
];

function addList(time: Command): void {
  interface Options {
    limit?: string;
    cursor?: string;
    all?: boolean;
    csv?: boolean;
  }
  interface Page {
    items: TimeEntry[];
    nextCursor: string | null;
    totals?: { minutes: number; billableMinutes: number };
  }
  const list = deskCommand<Options>(
    time,
    'list',
    'show time entries, of a ticket or of all',
    async (desk, [ref], { limit, cursor, all, csv, ...options }) => {
      const { agentId, ...filters } = fieldsOf(FILTERS, options);
      const query = {
        ...(filters as Record<string, string>),
        limit,
        cursor,
        agentId: typeof agentId === 'string' ? await ofAgent(desk.api, agentId) : undefined,
        ...(ref !== undefined && { ticket: ref.replace(/^#/, '') }),
      };
      if (csv) {
        const answer = await desk.api.fetch('GET', '/time-entries', { query, headers: { accept: 'text/csv' } });
        return desk.out.screen.write(await answer.text());
      }
      const answer: Page = { items: [], nextCursor: null };
      for await (const page of desk.api.pages<TimeEntry>('/time-entries', query)) {
        Object.assign(answer, page, { items: [...answer.items, ...page.items] });
        if (!all) break;
      }
      await desk.out.list(answer, COLUMNS, 'No time was logged.');
      if (!desk.out.forPeople || answer.items.length === 0) return;
      if (answer.totals)
        desk.out.say(
          `${hoursOf(answer.totals.minutes)} in all, ${hoursOf(answer.totals.billableMinutes)} of them billable.`,
        );
      if (answer.nextCursor) desk.out.say(`There are more: --cursor ${answer.nextCursor}, or --all`);
    },
  ).alias('ls');
  addFields(list.argument('[ticket]', 'number or id'), FILTERS)
    .option('--limit <n>', 'how many at most')
    .option('--cursor <cursor>', 'go on where a list ended')
    .option('--all', 'every page')
    .option('--csv', 'as CSV, for a spreadsheet');
  withCommonOptions(list);
}

/** The desk takes ids only here. */
async function ofAgent(api: DeskApi, text: string): Promise<string> {
  return text === 'me' ? (await api.get<{ id: string }>('/agents/me')).id : agentIdOf(api, text);
}

const workedAt = (text: string): string => orWithinDay(text, Date.now());

interface Timer {
  ticketNumber: number;
  startedAt: string;
  description: string;
}

function addTimer(time: Command): void {
  const start = deskCommand<{ switch?: boolean; billable: boolean }>(
    time,
    'start',
    'start a timer',
    async (desk, [ref, ...words], options) => {
      const timer = await desk.api.post<Timer>(`${ticketPath(ref!)}/timer/start`, {
        description: words.join(' '),
        billable: options.billable,
        ...(options.switch && { switch: true }),
      });
      await desk.out.one(timer, () => `The clock runs on ${ticketName(ref!)}. To stop it: deskwire time stop`);
    },
  );
  start
    .argument('<ticket>', 'number or id')
    .argument('[description...]', 'what is done')
    .option('--switch', 'log the one that runs, and start this one')
    .option('--no-billable', 'not for the invoice');
  withCommonOptions(start);

  const stop = deskCommand<{ minutes?: string }>(
    time,
    'stop',
    'stop the timer and log its time',
    async (desk, words, options) => {
      const entry = await desk.api.post<TimeEntry>('/timer/stop', {
        ...(words.length > 0 && { description: words.join(' ') }),
        ...(options.minutes !== undefined && { minutes: readMinutes(options.minutes) }),
      });
      await desk.out.one(
        entry,
        () => `Logged ${hoursOf(entry.minutes)}${entry.ticketNumber ? ` on #${entry.ticketNumber}` : ''}.`,
      );
    },
  );
  withCommonOptions(
    stop.argument('[description...]', 'what was done').option('--minutes <time>', 'in place of what the clock says'),
  );

  const status = deskCommand(time, 'status', 'show the running timer', async (desk) => {
    const { timer } = await desk.api.get<{ timer: Timer | null }>('/timer');
    const words = () =>
      timer
        ? `#${timer.ticketNumber} since ${timer.startedAt} (${agoOf(timer.startedAt, Date.now())})`
        : 'No timer runs.';
    await desk.out.one({ timer }, words);
  });
  withCommonOptions(status);

  const discard = deskCommand(time, 'discard', 'stop the timer and log nothing', async (desk) => {
    const answer = await desk.api.delete('/timer');
    await desk.out.one(answer, () => 'The timer is gone; nothing was logged.');
  });
  withCommonOptions(discard);
}

function readMinutes(text: string): number {
  const minutes = minutesOf(text);
  if (minutes === null) throw new CliProblem(`“${text}” is no time: say 30, 45m, 1h30m or 1:30`, 2);
  return minutes;
}
