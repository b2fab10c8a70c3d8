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
