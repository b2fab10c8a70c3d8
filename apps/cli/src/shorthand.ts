import type { Command } from 'commander';

const TICKET = /^(#?\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What is meant by a ticket where a verb is expected, as in Slack: `ticket 42`, `reply 42 …`, `note 42 …`. */
const VERBS: Readonly<Record<string, string>> = { ticket: 'view', message: 'add', note: 'add' };

/** The words with the verb that was left out. Pure. */
export function withVerb(program: Command, words: readonly string[]): string[] {
  const [group, ticket, ...rest] = words;
  if (group === undefined || ticket === undefined || !TICKET.test(ticket)) return [...words];
  const named = program.commands.find((one) => one.name() === group || one.aliases().includes(group));
  const verb = named && VERBS[named.name()];
  return verb === undefined ? [...words] : [group, verb, ticket, ...rest];
}

/** What every command that asks the desk knows (`withCommonOptions`); those of the first line have a value. */
const VALUED = new Set(['-o', '--output', '--query', '--profile', '--url', '--api-key']);
const BARE = new Set(['--json', '--no-color']);

/** `--json ticket list` as `ticket list --json`: these options are everybody’s and may stand before the command. Pure. */
export function withGlobalOptionsLast(program: Command, words: readonly string[]): string[] {
  const path: string[] = [];
  const options: string[] = [];
  let at = 0;
  for (let command: Command | undefined = program; command && command.commands.length > 0 && at < words.length; at++) {
    const word = words[at]!;
    const [name] = word.split('=');
    if (BARE.has(word)) options.push(word);
    else if (VALUED.has(name!)) options.push(word, ...(word === name ? words.slice(++at, at + 1) : []));
    else {
      path.push(word);
      command = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    }
  }
  const rest = words.slice(at);
  const end = rest.indexOf('--');
  return [...path, ...rest.toSpliced(end < 0 ? rest.length : end, 0, ...options)];
}
