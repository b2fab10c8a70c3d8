import type { Command } from 'commander';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, fieldsOf, FILE_OPTION, fromFile, number } from '../desk/fields.js';
import { CliProblem } from '../desk/problem.js';
import { agentIdOf, named, teamIdOf } from '../desk/who-is-meant.js';
import { agoOf } from '../output/in-words.js';
import { type Column, oneLine } from '../output/table.js';
import { watch, WATCH_OPTION, watchSeconds } from '../output/watch.js';
import { namesIn, statsPage } from './stats-page.js';
import { changeMany } from './change-many.js';
import type { TicketStats } from '#shared/contracts/stats.js';
import { addTicketChanges } from './ticket-changes.command.js';
import { TICKET_COLUMNS } from './ticket-columns.js';
import { CREATE_FIELDS, LIST_FIELDS, UPDATE_FIELDS, withIds } from './ticket-fields.js';
import { ticketPage } from './ticket-page.js';
import { ticketName, ticketPath } from './ticket-path.js';

/** `deskwire ticket …` */
export function addTicketCommand(program: Command): void {
  const ticket = program
    .command('ticket')
    .aliases(['tickets', 't'])
    .description('tickets: list, view, create, update, …');
  addList(ticket);
  addView(ticket);
  addCreate(ticket);
  addUpdate(ticket);
  addDelete(ticket);
  addTicketChanges(ticket);
  addReading(ticket);
}

interface ListOptions {
  limit?: string;
  cursor?: string;
  all?: boolean;
  total?: boolean;
  watch?: string | boolean;
}

function addList(ticket: Command): void {
  const command = deskCommand<ListOptions>(ticket, 'list', 'show tickets, the newest first', listTickets).alias('ls');
  addFields(command, LIST_FIELDS)
    .option('--limit <n>', 'how many at most (25 unless told, 100 at most)')
    .option('--cursor <cursor>', 'go on where a list ended')
    .option('--all', 'every page')
    .option('--total', 'say how many there are in all')
    .option(...WATCH_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  deskwire ticket list --status open --priority high
  deskwire ticket list --assignee me --sort priority
  deskwire ticket list --tag vip --query "items[].number"
  deskwire ticket list --assignee none --watch`,
    );
  withCommonOptions(command);
}

interface TicketPage {
  items: TicketView[];
  nextCursor: string | null;
  total?: number;
}

async function listTickets(desk: Desk, _: string[], options: ListOptions): Promise<void> {
  const filters = await withIds(desk, fieldsOf(LIST_FIELDS, options), 'filter');
  const query = { ...filters, limit: options.limit, cursor: options.cursor } as Record<string, string>;
  if (options.watch !== undefined) {
    const look = async () => (await desk.api.get<TicketPage>('/tickets', query)).items;
    const show = async (items: TicketView[]) => desk.out.list({ items: items.toReversed() }, TICKET_COLUMNS, '');
    return watch(watchSeconds(options.watch), look, ({ version }) => String(version), show);
  }
  const answer: TicketPage = { items: [], nextCursor: null };
  const pages = desk.api.pages<TicketView>('/tickets', { ...query, ...(options.total && { total: true }) });
  for await (const page of pages) {
    Object.assign(answer, page, { items: [...answer.items, ...page.items] });
    if (!options.all) break;
  }
  await desk.out.list(answer, TICKET_COLUMNS, 'No tickets.');
  if (!desk.out.forPeople) return;
  if (answer.total !== undefined) desk.out.say(`${answer.total} in all.`);
  if (answer.nextCursor) desk.out.say(`There are more: --cursor ${answer.nextCursor}, or --all`);
}

function addView(ticket: Command): void {
  const command = deskCommand(ticket, 'view', 'show a whole ticket with its thread', async (desk, refs) => {
    for (const ref of refs) {
      const [one, messages] = await Promise.all([desk.api.get<TicketView>(ticketPath(ref)), allMessages(desk, ref)]);
      const seen = { colours: desk.out.colours, nowMs: Date.now() };
      await desk.out.one({ ...one, messages }, () => ticketPage(one, messages, seen));
    }
  }).alias('get');
  withCommonOptions(command.argument('<ticket...>', 'number or id'));
}

async function allMessages(desk: Desk, ref: string): Promise<MessageView[]> {
  const messages: MessageView[] = [];
  for await (const page of desk.api.pages<MessageView>(`${ticketPath(ref)}/messages`, { limit: 100 }))
    messages.push(...page.items);
  return messages;
}

function addCreate(ticket: Command): void {
  interface Options {
    file?: string;
    template?: string;
  }
  const command = deskCommand<Options>(
    ticket,
    'create',
    'open a ticket; only a subject is needed',
    async (desk, [subject], options) => {
      const given = fieldsOf(CREATE_FIELDS, options);
      if (subject !== undefined) given['subject'] ??= subject;
      const fields = { ...(await fromFile(options.file)), ...(await withIds(desk, given, 'field')) };
      const opened = await desk.api.post<TicketView>('/tickets', {
        ...fields,
        ...(options.template !== undefined && { templateId: await templateId(desk, options.template) }),
      });
      await desk.out.one(opened, () => `Opened #${opened.number}: ${oneLine(opened.subject)} (${opened.id})`);
    },
  );
  command.argument('[subject]', 'the same as --subject');
  addFields(command, CREATE_FIELDS)
    .option('--template <name>', 'pre-filled fields; what is given here wins')
    .option(...FILE_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  deskwire ticket create --subject "Login broken" --priority high --category technical
  deskwire ticket create "Printer on fire" --contact casey@customer.example --assignee me`,
    );
  withCommonOptions(command);
}

async function templateId(desk: Desk, name: string): Promise<string> {
  const template = await named<{ id: string; name: string }>(desk.api, '/ticket-templates', name, 'template', (one) => [
    one.name,
  ]);
  return template.id;
}

function addUpdate(ticket: Command): void {
  interface Options {
    file?: string;
    version?: string;
  }
  const command = deskCommand<Options>(
    ticket,
    'update',
    'change fields of tickets; what is not named stays',
    async (desk, refs, options) => {
      const given = await withIds(desk, fieldsOf(UPDATE_FIELDS, options), 'field');
      const fields = { ...(await fromFile(options.file)), ...given };
      if (Object.keys(fields).length === 0)
        throw new CliProblem('What shall change? See: deskwire ticket update --help', 2);
      if (options.version !== undefined && refs.length > 1)
        throw new CliProblem('--version is of one ticket: change them one by one', 2);
      if (options.version !== undefined) fields['version'] = number(options.version, '--version');
      if (refs.length > 1) return changeMany(desk, refs, fields);
      for (const ref of refs) {
        const one = await desk.api.patch<TicketView>(ticketPath(ref), fields);
        await desk.out.one(
          one,
          () => `Changed #${one.number}: ${one.status}, ${one.priority}, ${one.assignee?.name ?? 'nobody’s'}.`,
        );
      }
    },
  );
  addFields(command.argument('<ticket...>', 'number or id'), UPDATE_FIELDS)
    .option('--version <n>', 'only if it is still this version')
    .option(...FILE_OPTION)
    .addHelpText('after', '\nExample:\n  deskwire ticket update 42 --status resolved --assignee alice');
  withCommonOptions(command);
}

function addDelete(ticket: Command): void {
  const command = deskCommand(ticket, 'delete', 'delete tickets; `restore` brings them back', async (desk, refs) => {
    for (const ref of refs) {
      const answer = await desk.api.delete(ticketPath(ref));
      await desk.out.one(answer, () => `Deleted ${ticketName(ref)}. To undo it: deskwire ticket restore ${ref}`);
    }
  }).alias('rm');
  withCommonOptions(command.argument('<ticket...>', 'number or id'));
}

interface Activity {
  id: string;
  type: string;
  at: string;
  actor: { name: string; kind: string };
  oldValue: unknown;
  newValue: unknown;
}

const ACTIVITY_COLUMNS: Column<Activity>[] = [
  { title: 'WHEN', of: ({ at }, nowMs) => agoOf(at, nowMs) },
  { title: 'WHO', of: ({ actor }) => actor.name || actor.kind },
  { title: 'WHAT', of: ({ type }) => type.replaceAll('_', ' ') },
  { title: 'BEFORE', of: ({ oldValue }) => compact(oldValue), flexible: false },
  { title: 'AFTER', of: ({ newValue }) => compact(newValue), flexible: true },
  { title: 'AT', of: ({ at }) => at, wide: true },
];

/** `{"priority":"high"}` as `high`; larger values as short JSON. */
function compact(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const { name } = value as { name?: unknown };
  if (typeof name === 'string' || name === null) return name ?? 'nobody';
  const values = Object.values(value).filter((one) => one !== null);
  const text = values.length === 1 && typeof values[0] !== 'object' ? String(values[0]) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Commands that only look. */
function addReading(ticket: Command): void {
  const history = deskCommand<{ all?: boolean }>(
    ticket,
    'history',
    'who changed what, oldest first',
    async (desk, [ref], options) => {
      const items: Activity[] = [];
      let nextCursor: string | null = null;
      for await (const page of desk.api.pages<Activity>(`${ticketPath(ref!)}/activities`, { limit: 100 })) {
        items.push(...page.items);
        ({ nextCursor } = page);
        if (!options.all) break;
      }
      await desk.out.list({ items, nextCursor }, ACTIVITY_COLUMNS, 'Nothing happened yet.');
    },
  ).alias('activities');
  withCommonOptions(history.argument('<ticket>', 'number or id').option('--all', 'every page'));

  const sla = deskCommand(ticket, 'sla', 'where its deadlines stand, with the arithmetic', async (desk, [ref]) => {
    const answer = await desk.api.get<{ explanation?: string[] }>(`${ticketPath(ref!)}/sla`);
    await desk.out.one(answer, () => (answer.explanation ?? ['No SLA policy holds for it.']).join('\n'));
  });
  withCommonOptions(sla.argument('<ticket>', 'number or id'));

  const stats = deskCommand<{ team?: string; assignee?: string; from?: string; to?: string }>(
    ticket,
    'stats',
    'how many there are, by status, priority and so on',
    async (desk, _, { team, assignee, from, to }) => {
      const answer = await desk.api.get<TicketStats>('/tickets/stats', {
        from,
        to,
        teamId: team && (await teamIdOf(desk.api, team)),
        assigneeId: assignee && (await agentIdOf(desk.api, assignee)),
      });
      if (!desk.out.forPeople) return desk.out.data(answer);
      desk.out.say(statsPage(answer, await namesIn(desk, answer), desk.out.colours));
    },
  );
  stats
    .option('--team <team>', 'of one team')
    .option('--assignee <agent>', 'of one agent')
    .option('--from <date>', 'opened since')
    .option('--to <date>', 'opened before');
  withCommonOptions(stats);

  const search = deskCommand<{ limit?: string }>(
    ticket,
    'search',
    'search in subjects, texts and names',
    async (desk, words, { limit }) => {
      const answer = await desk.api.get<{ items: { ticket: TicketView }[] }>('/search', { q: words.join(' '), limit });
      if (!desk.out.forPeople) return desk.out.data(answer);
      await desk.out.list({ items: answer.items.map((hit) => hit.ticket) }, TICKET_COLUMNS, 'Nothing was found.');
    },
  );
  withCommonOptions(search.argument('<words...>', 'what to look for').option('--limit <n>', 'how many at most'));
}
