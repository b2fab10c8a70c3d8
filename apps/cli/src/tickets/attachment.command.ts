import type { Command } from 'commander';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { TicketAttachmentView } from '#shared/contracts/attachments.js';
import { confirm, YES_OPTION } from '../desk/confirm.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { CliProblem } from '../desk/problem.js';
import { agoOf } from '../output/in-words.js';
import { type Column, oneLine } from '../output/table.js';
import { sizeOf } from './ticket-page.js';
import { ticketPath } from './ticket-path.js';

const COLUMNS: Column<TicketAttachmentView>[] = [
  { title: 'WHEN', of: ({ createdAt }, nowMs) => agoOf(createdAt, nowMs) },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'TYPE', of: ({ contentType }) => contentType },
  { title: 'SIZE', of: ({ sizeBytes }) => sizeOf(sizeBytes), right: true },
  { title: 'SHA-256', of: ({ sha256 }) => sha256, wide: true },
  { title: 'ID', of: ({ id }) => id },
];

/** `deskwire attachment …`: the files of a ticket. They are put there by `message add --attach`. */
export function addAttachmentCommand(program: Command): void {
  const attachment = program
    .command('attachment')
    .aliases(['attachments', 'file'])
    .description('files of a ticket: list, get, delete');

  const list = deskCommand<{ all?: boolean }>(attachment, 'list', 'show its files', async (desk, [ref], { all }) => {
    const items: TicketAttachmentView[] = [];
    let nextCursor: string | null = null;
    const pages = desk.api.pages<TicketAttachmentView>(`${ticketPath(ref!)}/attachments`, { limit: 100 });
    for await (const page of pages) {
      items.push(...page.items);
      ({ nextCursor } = page);
      if (!all) break;
    }
    await desk.out.list({ items, nextCursor }, COLUMNS, 'No files.');
  }).alias('ls');
  withCommonOptions(list.argument('<ticket>', 'number or id').option('--all', 'every page'));

  const get = deskCommand<{ to?: string; force?: boolean }>(
    attachment,
    'get',
    'download a file',
    async (desk, [ref, name], options) => download(desk, await fileNamed(desk, ref!, name!), options),
  ).alias('download');
  get
    .argument('<ticket>', 'number or id')
    .argument('<file>', 'its id, or its name if only one is called so')
    .option('--to <path>', 'a file or a folder; "-" for standard output; this folder, unless told')
    .option('--force', 'over a file that is there');
  withCommonOptions(get);

  const about = 'delete a file that was not mailed';
  const remove = deskCommand<{ yes?: boolean }>(attachment, 'delete', about, async (desk, [ref, name], { yes }) => {
    const file = await fileNamed(desk, ref!, name!);
    await confirm(`Delete ${oneLine(file.name)}? There is no way back.`, yes);
    const answer = await desk.api.delete(`/attachments/${file.id}`);
    await desk.out.one(answer, () => `Deleted ${oneLine(file.name)}.`);
  }).alias('rm');
  remove
    .argument('<ticket>', 'number or id')
    .argument('<file>', 'its id or name')
    .option(...YES_OPTION);
  withCommonOptions(remove);
}

async function fileNamed(desk: Desk, ref: string, name: string): Promise<TicketAttachmentView> {
  const found: TicketAttachmentView[] = [];
  const pages = desk.api.pages<TicketAttachmentView>(`${ticketPath(ref)}/attachments`, { limit: 100 });
  for await (const { items } of pages)
    found.push(...items.filter((file) => file.id === name.toLowerCase() || file.name === name));
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw new CliProblem(`The ticket has no file “${name}”`, 4);
  const which = found.map(({ id, createdAt }) => `  ${id}  ${createdAt}`).join('\n');
  throw new CliProblem(`“${name}” is more than one file; say which by its id:\n${which}`, 2);
}

async function download(
  desk: Desk,
  file: TicketAttachmentView,
  { to = '.', force = false }: { to?: string; force?: boolean },
): Promise<void> {
  const response = await desk.api.fetch('GET', `/attachments/${file.id}`, {});
  const content = Readable.fromWeb(response.body as ReadableStream);
  if (to === '-') return pipeline(content, process.stdout, { end: false });
  const isFolder = await stat(to).then(
    (found) => found.isDirectory(),
    () => false,
  );
  // The desk keeps safe names only, but which desk is it? A name never leads out of the folder.
  const path = isFolder ? join(to, basename(file.name)) : to;
  try {
    await pipeline(content, createWriteStream(path, { flags: force ? 'w' : 'wx' }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliProblem(code === 'EEXIST' ? `${path} is there already: --force overwrites it` : message, 1);
  }
  await desk.out.one({ ...file, path }, () => `Saved ${path} (${sizeOf(file.sizeBytes)}).`);
}
