import type { DeskApi, Query } from './desk-api.js';
import { oneLine } from '../output/table.js';
import { CliProblem } from './problem.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => UUID.test(text);

/** An id that goes into an address, where only an id will do. */
export function idGiven(text: string, what: string): string {
  if (isId(text)) return text;
  throw new CliProblem(`“${text}” is no id of a ${what}`, 2);
}

/** These are read whole at once, and take no limit. */
const WITHOUT_PAGES = ['/views'];

/** Everything of a list that is small enough to be read whole (agents, teams, tags). */
export async function allOf<Item>(api: DeskApi, path: string, query: Query = {}): Promise<Item[]> {
  const items: Item[] = [];
  const whole = WITHOUT_PAGES.includes(path) ? query : { ...query, limit: 100 };
  for await (const page of api.pages<Item>(path, whole)) items.push(...page.items);
  return items;
}

/** The one thing that people call so: by id, or by one of its names whatever the case. Ambiguous is told, with the ids. */
export async function named<Item extends { id: string }>(
  api: DeskApi,
  path: string,
  text: string,
  what: string,
  namesOf: (item: Item) => (string | null | undefined)[],
  query: Query = {},
): Promise<Item> {
  if (isId(text) || (text === 'me' && path === '/agents')) return api.get<Item>(`${path}/${text}`);
  const wanted = text.toLowerCase();
  const all = await allOf<Item>(api, path, query);
  const found = all.filter((item) => namesOf(item).some((name) => name?.toLowerCase() === wanted));
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const which = found.map((item) => `  ${item.id}  ${oneLine(namesOf(item).filter(Boolean).join(', '))}`).join('\n');
    throw new CliProblem(`“${text}” is more than one ${what}; say which by its id:\n${which}`, 2);
  }
  const like = all
    .flatMap((item) => namesOf(item)[0] ?? [])
    .slice(0, 10)
    .join(', ');
  throw new CliProblem(`There is no ${what} “${text}”${like ? ` (there are: ${oneLine(like)})` : ''}`, 4);
}

interface Agent {
  id: string;
  name: string;
  email: string;
}

interface Team {
  id: string;
  name: string;
  handle: string;
}

export const agentNamed = (api: DeskApi, text: string): Promise<Agent> =>
  named<Agent>(api, '/agents', text, 'agent', ({ email, name }) => [name, email, email.split('@')[0]]);

export const teamNamed = (api: DeskApi, text: string): Promise<Team> =>
  named<Team>(api, '/teams', text, 'team', ({ name, handle }) => [name, handle]);

/** For filters and fields of agents: `none`, `me`, an id, or a name that is looked up. */
export async function agentIdOf(api: DeskApi, text: string): Promise<string> {
  return text === 'none' || text === 'me' || isId(text) ? text : (await agentNamed(api, text)).id;
}

export async function teamIdOf(api: DeskApi, text: string): Promise<string> {
  return text === 'none' || isId(text) ? text : (await teamNamed(api, text)).id;
}
