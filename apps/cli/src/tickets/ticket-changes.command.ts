import type { Command } from 'commander';
import type { TicketView } from '#shared/contracts/tickets.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { eachOf } from '../desk/each-of.js';
import { orNone } from '../desk/fields.js';
import { CliProblem } from '../desk/problem.js';
import { agentIdOf, agentNamed, idGiven, teamIdOf } from '../desk/who-is-meant.js';
import { agoOf } from '../output/in-words.js';
import { type Column, oneLine } from '../output/table.js';
import { ticketName, ticketPath } from './ticket-path.js';

/** What is done with a ticket beside changing its fields, each a line for whoever is used to say it so. */
export function addTicketChanges(ticket: Command): void {
  addAssign(ticket);
  addStep(ticket, 'start', 'say that somebody works on it', 'Started', 'note');
  addStep(ticket, 'resolve', 'say that it is done', 'Resolved', 'note');
  addStep(ticket, 'reopen', 'take a resolved ticket up again', 'Reopened', 'reason');
  addStep(ticket, 'close', 'close it for good', 'Closed', 'note');
  addStep(ticket, 'restore', 'bring a deleted ticket back', 'Restored');
  addMerge(ticket);
  addLinks(ticket);
  addWatching(ticket);
}

function addAssign(ticket: Command): void {
  interface Options {
    team?: string;
    note?: string;
  }
  const command = deskCommand<Options>(ticket, 'assign', 'give tickets to somebody', async (desk, given, options) => {
    const [who, ...refs] = given.toReversed();
    if (refs.length === 0) throw new CliProblem(`To whom? Such as: deskwire ticket assign ${who} me`, 2);
    const assigneeId = await idOf(desk, who!);
    const teamId = options.team === undefined ? undefined : orNone(await teamIdOf(desk.api, options.team));
    const body = { assigneeId, teamId, note: options.note };
    await eachOf(
      desk,
      refs.toReversed(),
      (ref) => desk.api.post<TicketView>(`${ticketPath(ref)}/assign`, body),
      (one) => `#${one.number} is ${one.assignee ? `${oneLine(one.assignee.name)}’s` : 'nobody’s'} now.`,
    );
  });
  command
    .argument('<ticket...>', 'numbers or ids, and last the agent: name, e-mail address or id; me; none')
    .usage('<ticket...> <agent> [options]')
    .option('--team <team>', 'and to a team: name, handle or id; none')
    .option('--note <text>', 'an internal note that goes with it');
  withCommonOptions(command);
}

async function idOf(desk: Desk, who: string): Promise<string | null> {
  const id = await agentIdOf(desk.api, who);
  return id === 'me' ? (await desk.api.get<{ id: string }>('/agents/me')).id : orNone(id);
}

function addStep(ticket: Command, verb: string, about: string, done: string, words?: 'note' | 'reason'): void {
  const command = deskCommand<{ note?: string; reason?: string }>(ticket, verb, about, async (desk, refs, options) => {
    const body = words && options[words] !== undefined ? { [words]: options[words] } : {};
    await eachOf(
      desk,
      refs,
      (ref) => desk.api.post<TicketView>(`${ticketPath(ref)}/${verb}`, body),
      (one) => `${done} #${one.number}: ${oneLine(one.subject)}`,
    );
  });
  command.argument('<ticket...>', 'number or id');
  if (words) command.option(`--${words} <text>`, words === 'note' ? 'an internal note that goes with it' : 'why');
  withCommonOptions(command);
}

function addMerge(ticket: Command): void {
  const merge = deskCommand<{ into: string; shareWithCustomers?: boolean }>(
    ticket,
    'merge',
    'make several tickets one',
    async (desk, refs, { into, shareWithCustomers }) => {
      const undo = (ref: string) => `To undo it within a day: deskwire ticket unmerge ${ref}`;
      await eachOf(
        desk,
        refs,
        (ref) => desk.api.post(`${ticketPath(ref)}/merge`, { into, shareWithCustomers }),
        (_, ref) => `Merged ${ticketName(ref)} into ${ticketName(into)}. ${undo(ref)}`,
      );
    },
  );
  merge
    .argument('<ticket...>', 'number or id')
    .requiredOption('--into <ticket>', 'the one that stays')
    .option('--share-with-customers', 'the customers of all of them read what is written from now on')
    .option('--no-share-with-customers', 'only those of the one that stays do (unless told: those of one company)');
  withCommonOptions(merge);

  const unmerge = deskCommand(ticket, 'unmerge', 'take a merge back, within a day', async (desk, refs) => {
    await eachOf(
      desk,
      refs,
      (ref) => desk.api.post(`${ticketPath(ref)}/unmerge`),
      (_, ref) => `${ticketName(ref)} is a ticket of its own again.`,
    );
  });
  withCommonOptions(unmerge.argument('<ticket...>', 'the one that was merged away'));

  const split = deskCommand<{ subject?: string; message: string[]; andLater?: boolean; note?: string }>(
    ticket,
    'split',
    'move messages to a new ticket',
    async (desk, [ref], { message, subject, andLater, note }) => {
      const body = { messageIds: message, subject, andLater, note };
      const answer = await desk.api.post<{ ticket: TicketView }>(`${ticketPath(ref!)}/split`, body);
      const { number, subject: called, id } = answer.ticket;
      await desk.out.one(answer, () => `Opened #${number}: ${oneLine(called)} (${id})`);
    },
  );
  split
    .argument('<ticket>', 'number or id')
    .requiredOption('--message <id...>', 'the messages’ ids (deskwire message list)')
    .option('--and-later', 'and everything written after the first of them')
    .option('--subject <text>', 'of the new ticket; the same, unless told')
    .option('--note <text>', 'an internal note on the new ticket');
  withCommonOptions(split);
}

const LINK_KINDS = 'relates_to, blocks, is_blocked_by, causes, is_caused_by, parent_of, child_of';

interface Link {
  id: string;
  kind: string;
  ticket: { number: number; subject: string; status: string };
}

const LINK_COLUMNS: Column<Link>[] = [
  { title: 'KIND', of: ({ kind }) => kind.replaceAll('_', ' ') },
  { title: '#', of: ({ ticket }) => String(ticket.number), right: true },
  { title: 'STATUS', of: ({ ticket }) => ticket.status },
  { title: 'SUBJECT', of: ({ ticket }) => ticket.subject, flexible: true },
  { title: 'ID', of: ({ id }) => id, wide: true },
];

function addLinks(ticket: Command): void {
  const add = deskCommand<{ kind: string }>(
    ticket,
    'link',
    'say how two tickets belong together',
    async (desk, [from, to], { kind }) => {
      const answer = await desk.api.post(`${ticketPath(from!)}/links`, { to, kind });
      await desk.out.one(answer, () => `${ticketName(from!)} ${kind.replaceAll('_', ' ')} ${ticketName(to!)}.`);
    },
  );
  add
    .argument('<ticket>', 'number or id')
    .argument('<other>', 'number or id')
    .option('--kind <kind>', LINK_KINDS, 'relates_to');
  withCommonOptions(add);

  const links = deskCommand(ticket, 'links', 'tickets that belong to this one', async (desk, [ref]) => {
    const items: Link[] = [];
    for await (const page of desk.api.pages<Link>(`${ticketPath(ref!)}/links`, { limit: 100 }))
      items.push(...page.items);
    await desk.out.list({ items, nextCursor: null }, LINK_COLUMNS, 'No links.');
  });
  withCommonOptions(links.argument('<ticket>', 'number or id'));

  const unlink = deskCommand(ticket, 'unlink', 'take a link away', async (desk, [ref, link]) => {
    const answer = await desk.api.delete(`${ticketPath(ref!)}/links/${idGiven(link!, 'link')}`);
    await desk.out.one(answer, () => 'They are linked no more.');
  });
  withCommonOptions(
    unlink.argument('<ticket>', 'number or id').argument('<link>', 'its id (deskwire ticket links -o wide)'),
  );
}

interface Watcher {
  agent: { name: string; email: string };
  since: string;
}

const WATCHER_COLUMNS: Column<Watcher>[] = [
  { title: 'NAME', of: ({ agent }) => agent.name, flexible: true },
  { title: 'EMAIL', of: ({ agent }) => agent.email },
  { title: 'SINCE', of: ({ since }, nowMs) => agoOf(since, nowMs) },
];

function addWatching(ticket: Command): void {
  const watchers = deskCommand(ticket, 'watchers', 'who hears of a ticket', async (desk, [ref]) => {
    const answer = await desk.api.get<{ items: Watcher[] }>(`${ticketPath(ref!)}/watchers`);
    await desk.out.list(answer, WATCHER_COLUMNS, 'Nobody watches it.');
  });
  withCommonOptions(watchers.argument('<ticket>', 'number or id'));

  for (const [verb, method, done] of [
    ['watch', 'PUT', 'You hear of'],
    ['unwatch', 'DELETE', 'You hear no more of'],
  ] as const) {
    const command = deskCommand<{ agent?: string }>(
      ticket,
      verb,
      `${done.toLowerCase().replace('you ', '')} a ticket`,
      async (desk, refs, { agent }) => {
        const who = agent === undefined ? 'me' : (await agentNamed(desk.api, agent)).id;
        const hears = verb === 'watch' ? 'hears of' : 'hears no more of';
        await eachOf(
          desk,
          refs,
          (ref) => desk.api.json(method, `${ticketPath(ref)}/watchers/${who}`),
          (_, ref) => `${agent === undefined ? done : `${agent} ${hears}`} ${ticketName(ref)}.`,
        );
      },
    );
    withCommonOptions(command.argument('<ticket...>', 'number or id').option('--agent <agent>', 'somebody else'));
  }
}
