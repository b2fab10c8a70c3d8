import type { Command } from 'commander';
import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import type { MessageView } from '#shared/contracts/messages.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { textFrom } from '../desk/fields.js';
import { idGiven } from '../desk/who-is-meant.js';
import { CliProblem } from '../desk/problem.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import { ticketName, ticketPath } from './ticket-path.js';

const COLUMNS: Column<MessageView>[] = [
  { title: 'WHEN', of: ({ createdAt }, nowMs) => agoOf(createdAt, nowMs) },
  { title: 'WHO', of: ({ author }) => author.name || author.kind },
  { title: 'KIND', of: ({ isInternalNote }) => (isInternalNote ? 'note' : 'public') },
  { title: 'TEXT', of: ({ content }) => content, flexible: true },
  { title: 'MAIL', of: ({ delivery }) => delivery?.state ?? '' },
  { title: 'FILES', of: ({ attachments }) => (attachments.length > 0 ? String(attachments.length) : ''), right: true },
  { title: 'AT', of: ({ createdAt }) => createdAt, wide: true },
  { title: 'ID', of: ({ id }) => id },
];

interface AddOptions {
  file?: string;
  attach?: string[];
  canned?: string;
  cc?: string[];
}

/** `deskwire message …` for public replies, `deskwire note …` for internal notes. */
export function addMessageCommands(program: Command): void {
  const message = program
    .command('message')
    .aliases(['messages', 'reply'])
    .description('public messages of a ticket: list, add, edit, delete');
  addList(message, 'show the thread, oldest first', {});
  addAdd(message, 'reply to the customer: this goes out by mail', false);
  addEditAndDelete(message);

  const note = program
    .command('note')
    .alias('notes')
    .description('internal notes of a ticket, which no customer sees: list, add, edit, delete');
  addList(note, 'show the notes, oldest first', { notesOnly: true });
  addAdd(note, 'leave an internal note; @name tells somebody', true);
  addEditAndDelete(note);
}

function addList(group: Command, about: string, { notesOnly = false }: { notesOnly?: boolean }): void {
  const command = deskCommand<{ all?: boolean }>(group, 'list', about, async (desk, [ref], options) => {
    const items: MessageView[] = [];
    let nextCursor: string | null = null;
    for await (const page of desk.api.pages<MessageView>(`${ticketPath(ref!)}/messages`, { limit: 100 })) {
      items.push(...page.items.filter(({ isInternalNote }) => !notesOnly || isInternalNote));
      ({ nextCursor } = page);
      if (!options.all) break;
    }
    await desk.out.list({ items, nextCursor }, COLUMNS, notesOnly ? 'No notes.' : 'No messages.');
  }).alias('ls');
  withCommonOptions(command.argument('<ticket>', 'number or id').option('--all', 'every page'));
}

function addAdd(group: Command, about: string, isInternalNote: boolean): void {
  const command = deskCommand<AddOptions>(group, 'add', about, async (desk, [ref, ...words], options) => {
    const content = await textOf(words, options);
    const attachmentIds = options.attach && (await upload(desk, ref!, options.attach));
    const posted = await desk.api.post<MessageView>(`${ticketPath(ref!)}/messages`, {
      isInternalNote,
      ...(content !== undefined && { content }),
      ...(options.canned !== undefined && { cannedResponse: options.canned }),
      ...(options.cc && { cc: options.cc }),
      ...(attachmentIds && { attachmentIds }),
    });
    const to = posted.delivery?.to.join(', ');
    const done = isInternalNote
      ? `Noted on ${ticketName(ref!)}.`
      : to
        ? `Replied on ${ticketName(ref!)}; mailed to ${to}.`
        : `Replied on ${ticketName(ref!)}; nobody to mail it to.`;
    await desk.out.one(posted, () => done);
  }).aliases(['create', 'new']);
  command
    .argument('<ticket>', 'number or id')
    .argument('[text...]', 'Markdown; "-" or nothing reads standard input')
    .option('-f, --file <file>', 'the text from a file')
    .option('--attach <file...>', 'files that go with it')
    .option('--canned <shortcut>', 'a canned response, by its shortcut or id');
  if (!isInternalNote) command.option('--cc <address...>', 'in copy');
  withCommonOptions(command);
}

async function textOf(words: string[], options: AddOptions): Promise<string | undefined> {
  const text = words.join(' ');
  if (words.length > 0 && options.file !== undefined) throw new CliProblem('The text, or --file: not both', 2);
  if (words.length > 0 && text !== '-') return text;
  if (options.file !== undefined) return textFrom(options.file);
  if (options.canned !== undefined && words.length === 0) return undefined;
  if (words.length === 0 && process.stdin.isTTY)
    throw new CliProblem('What shall it say? Give the text, --file, or pipe it in', 2);
  return textFrom('-');
}

async function upload(desk: Desk, ref: string, files: readonly string[]): Promise<string[]> {
  const { openAsBlob } = await import('node:fs');
  const ids: string[] = [];
  for (const file of files) {
    const form = new FormData();
    // It throws at once for a file that is not there, and what it says then names none.
    const blob = await access(file, constants.R_OK)
      .then(() => openAsBlob(file))
      .catch((error: Error) => {
        throw new CliProblem(`${file} cannot be read: ${error.message}`, 2);
      });
    form.set('file', blob, basename(file));
    const { items } = await desk.api.json<{ items: { id: string }[] }>('POST', `${ticketPath(ref)}/attachments`, {
      body: form,
    });
    ids.push(...items.map(({ id }) => id));
  }
  return ids;
}

function addEditAndDelete(group: Command): void {
  const edit = deskCommand<{ file?: string }>(
    group,
    'edit',
    'change the words of your own',
    async (desk, [ref, id, ...words], options) => {
      const content = await textOf(words, options);
      const answer = await desk.api.patch(`${ticketPath(ref!)}/messages/${idGiven(id!, 'message')}`, { content });
      await desk.out.one(answer, () => 'Changed. The history keeps what it said before.');
    },
  );
  edit
    .argument('<ticket>', 'number or id')
    .argument('<message>', 'its id')
    .argument('[text...]', 'Markdown; "-" or nothing reads standard input')
    .option('-f, --file <file>', 'the text from a file');
  withCommonOptions(edit);

  const remove = deskCommand(group, 'delete', 'delete your own', async (desk, [ref, id]) => {
    const answer = await desk.api.delete(`${ticketPath(ref!)}/messages/${idGiven(id!, 'message')}`);
    await desk.out.one(answer, () => 'Deleted. The history keeps what it said.');
  }).alias('rm');
  withCommonOptions(remove.argument('<ticket>', 'number or id').argument('<message>', 'its id'));
}
