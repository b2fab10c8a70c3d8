import type { Command } from 'commander';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { Query } from '../desk/desk-api.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, fieldsOf, FILE_OPTION, fromFile, number } from '../desk/fields.js';
import { changedFields } from '../desk/changed-fields.js';
import { eachOf } from '../desk/each-of.js';
import { CliProblem } from '../desk/problem.js';
import { named } from '../desk/who-is-meant.js';
import { oneLine } from '../output/table.js';
import { watch, WATCH_OPTION, watchSeconds } from '../output/watch.js';
import { changeMany } from './change-many.js';
import { addTicketChanges } from './ticket-changes.command.js';
import { TICKET_COLUMNS } from './ticket-columns.js';
import { CREATE_FIELDS, filtersOf, LIST_FIELDS, UPDATE_FIELDS, withIds } from './ticket-fields.js';
import { ticketPage } from './ticket-page.js';
import { addTicketReading } from './ticket-reading.command.js';
import { addTicketTags } from './ticket-tags.command.js';
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
  addTicketTags(ticket);
  addTicketReading(ticket);
}

interface ListOptions {
  limit?: string;
  cursor?: string;
  all?: boolean;
  total?: boolean;
  watch?: string | boolean;
  view?: string;
}

function addList(ticket: Command): void {
  const command = deskCommand<ListOptions>(ticket, 'list', 'show tickets, the newest first', listTickets).alias('ls');
  addFields(command, LIST_FIELDS)
    .option('--view <name>', 'what a saved view shows, in place of filters')
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
  deskwire ticket list --updated-from 7d --all -o wide
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
  const filters = filtersOf(await withIds(desk, fieldsOf(LIST_FIELDS, options), 'filter'));
  if (options.view !== undefined && Object.keys(filters).length > 0)
    throw new CliProblem('--view: has its own filters and order: give these, or a view', 2);
  const path = options.view === undefined ? '/tickets' : `/views/${await viewId(desk, options.view)}/tickets`;
  const query: Query = { ...filters, limit: options.limit, cursor: options.cursor };
  if (options.watch !== undefined) {
    const look = async () => (await desk.api.get<TicketPage>(path, query)).items;
    const show = async (items: TicketView[]) => desk.out.list({ items: items.toReversed() }, TICKET_COLUMNS, '');
    return watch(watchSeconds(options.watch), look, ({ version }) => String(version), show);
  }
  const answer: TicketPage = { items: [], nextCursor: null };
  const pages = desk.api.pages<TicketView>(path, { ...query, ...(options.total && { total: true }) });
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
    const seen = { colours: desk.out.colours, nowMs: Date.now() };
    await eachOf(
      desk,
      refs,
      (ref) => wholeTicket(desk, ref),
      (one, ref) => `${ref === refs[0] ? '' : '\n'}${ticketPage(one, one.messages, seen)}`,
    );
  }).alias('get');
  withCommonOptions(command.argument('<ticket...>', 'number or id'));
}

async function wholeTicket(desk: Desk, ref: string): Promise<TicketView & { messages: MessageView[] }> {
  const [one, messages] = await Promise.all([desk.api.get<TicketView>(ticketPath(ref)), allMessages(desk, ref)]);
  return { ...one, messages };
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

async function viewId(desk: Desk, name: string): Promise<string> {
  const view = await named<{ id: string; name: string }>(desk.api, '/views', name, 'saved view', (one) => [one.name]);
  return view.id;
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
      const file = await fromFile(options.file);
      if (options.file === undefined && Object.keys(given).length === 0)
        throw new CliProblem('What shall change? See: deskwire ticket update --help', 2);
      // The whole ticket, as `get` printed it: of that, what was edited.
      const edited = 'id' in file && refs.length === 1 ? changedFields(file, await wholeTicket(desk, refs[0]!)) : file;
      const fields: Record<string, unknown> = { ...edited, ...given };
      if (edited !== file && Object.keys(fields).length === 0) return desk.out.say('Nothing differs.');
      if (edited !== file) fields['version'] ??= file['version'];
      if (options.version !== undefined && refs.length > 1)
        throw new CliProblem('--version is of one ticket: change them one by one', 2);
      if (options.version !== undefined) fields['version'] = number(options.version, '--version');
      if (refs.length > 1) return changeMany(desk, refs, fields);
      const one = await desk.api.patch<TicketView>(ticketPath(refs[0]!), fields);
      await desk.out.one(
        one,
        () => `Changed #${one.number}: ${one.status}, ${one.priority}, ${one.assignee?.name ?? 'nobody’s'}.`,
      );
    },
  );
  addFields(command.argument('<ticket...>', 'number or id'), UPDATE_FIELDS)
    .option('--version <n>', 'only if it is still this version')
    .option(...FILE_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  deskwire ticket update 42 --status resolved --assignee alice
  deskwire ticket get 42 -o yaml > 42.yaml; $EDITOR 42.yaml; deskwire ticket update 42 -f 42.yaml`,
    );
  withCommonOptions(command);
}

function addDelete(ticket: Command): void {
  const command = deskCommand(ticket, 'delete', 'delete tickets; `restore` brings them back', async (desk, refs) => {
    await eachOf(
      desk,
      refs,
      (ref) => desk.api.delete(ticketPath(ref)),
      (_, ref) => `Deleted ${ticketName(ref)}. To undo it: deskwire ticket restore ${ref}`,
    );
  }).alias('rm');
  withCommonOptions(command.argument('<ticket...>', 'number or id'));
}
