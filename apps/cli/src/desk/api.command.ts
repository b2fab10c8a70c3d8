import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from './desk-command.js';
import { json, textFrom } from './fields.js';
import { CliProblem } from './problem.js';

const DATA = '-d, --data <json>';

/** `deskwire api POST /tickets/42/messages -d '{…}'`: any operation of the HTTP API, as whoever the key is. */
export function addApiCommand(program: Command): void {
  const command = deskCommand<{ data?: string }>(
    program,
    'api',
    'call any operation of the HTTP API',
    async ({ api, out }, [method, path], { data }) => {
      const answer = await api.fetch(method!.toUpperCase(), pathBelowVersion(path!), { body: await bodyOf(data) });
      const text = await answer.text();
      if (answer.headers.get('content-type')?.includes('json') && text !== '') await out.data(JSON.parse(text));
      else out.screen.write(text);
    },
  )
    .argument('<method>', 'GET, POST, PATCH, PUT or DELETE')
    .argument('<path>', 'such as /api/v1/tickets/42 or "/tickets?status=open"')
    .option(DATA, 'the body; @file reads it from a file, @- from standard input')
    .addHelpText(
      'after',
      `\nExample:\n  deskwire api POST /tickets/42/messages -d '{"content": "Looking.", "isInternalNote": true}'`,
    );
  withCommonOptions(command);
}

/** With `/api` and `/v1` or without; a `#42` is a number here and no fragment. */
export function pathBelowVersion(path: string): string {
  if (!path.startsWith('/')) throw new CliProblem(`${path}: a path begins with /, such as /tickets`, 2);
  return path
    .replace(/^\/api(?=\/)/, '')
    .replace(/^\/v1(?=\/)/, '')
    .replaceAll('#', '%23');
}

async function bodyOf(data: string | undefined): Promise<unknown> {
  if (data === undefined) return undefined;
  return json(data.startsWith('@') ? await textFrom(data.slice(1)) : data, DATA);
}
