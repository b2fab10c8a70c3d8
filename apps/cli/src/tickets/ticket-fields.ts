import { OPEN_STATUSES } from '#shared/contracts/tickets.js';
import { PRIORITIES, SOURCES, STATUSES } from '#shared/contracts/values.js';
import type { Desk } from '../desk/desk-command.js';
import type { Query } from '../desk/desk-api.js';
import { type Field, list, orNone, pairs } from '../desk/fields.js';
import { ago } from '../desk/instants.js';
import { CliProblem } from '../desk/problem.js';
import { agentIdOf, named, teamIdOf } from '../desk/who-is-meant.js';

const STATUS_NAMES = [...STATUSES, 'waiting'];
const PRIORITY_NAMES = [...PRIORITIES, 'critical'];
const WHEN = 'a day, an instant, or how long ago, such as 7d';
const several = (names: readonly string[]) => `${names.join(', ')}; several by comma`;

/** Options of whatever chooses tickets; the desk says which value is wrong. */
export const FILTER_FIELDS: Field[] = [
  { flags: '--status <status>', about: several(STATUS_NAMES) },
  { flags: '--priority <priority>', about: several(PRIORITY_NAMES) },
  { flags: '--category <category>', about: 'several by comma' },
  { flags: '--assignee <agent>', about: 'name, e-mail address or id; me; none', field: 'assigneeId' },
  { flags: '--team <team>', about: 'name, handle or id; none', field: 'teamId' },
  { flags: '--tag <tag>', about: 'several by comma: any of them' },
  { flags: '--tag-all <tags>', about: 'several by comma: all of them' },
  { flags: '--contact <address>', about: 'the customer’s e-mail address', field: 'contactEmail' },
  { flags: '--company <company>', about: 'the customer’s company: name or id', field: 'companyId' },
  { flags: '--creator <agent>', about: 'who opened it: name, e-mail address or id; me', field: 'creatorId' },
  { flags: '--source <source>', about: SOURCES.join(', ') },
  { flags: '--kind <kind>', about: 'several by comma' },
  { flags: '--entity <type:id>', about: 'what it is about, such as device:42' },
  { flags: '--fields <key=value,…>', about: 'custom fields, all of them', field: 'customFields', read: pairs },
  { flags: '--sla <state>', about: 'breached, warning, paused, ok, none' },
  { flags: '--watching', about: 'only those that you watch' },
  { flags: '--created-from <date>', about: WHEN, read: ago },
  { flags: '--created-to <date>', about: 'the same', read: ago },
  { flags: '--updated-from <date>', about: 'the same', read: ago },
  { flags: '--updated-to <date>', about: 'the same', read: ago },
  { flags: '--resolved-from <date>', about: 'the same', read: ago },
  { flags: '--resolved-to <date>', about: 'the same', read: ago },
];
export const LIST_FIELDS: Field[] = [
  ...FILTER_FIELDS,
  { flags: '--text <words>', about: 'search in subject, texts and names' },
  { flags: '--deleted', about: 'deleted ones instead (managers)' },
  { flags: '--sort <field>', about: 'such as -created, updated, priority; - for the largest first' },
];

/** Options of `ticket create` and `ticket update`. */
const COMMON_FIELDS: Field[] = [
  { flags: '--subject <text>', about: 'one line' },
  { flags: '--description <text>', about: 'Markdown' },
  { flags: '--priority <priority>', about: PRIORITY_NAMES.join(', ') },
  { flags: '--category <category>', about: 'one of the organisation’s' },
  { flags: '--kind <kind>', about: 'free words; none', read: orNone },
  { flags: '--assignee <agent>', about: 'name, e-mail address or id; me; none', field: 'assigneeId' },
  { flags: '--team <team>', about: 'name, handle or id; none', field: 'teamId' },
  { flags: '--tags <tags>', about: 'all of them, by comma', read: list },
  { flags: '--fields <key=value,…>', about: 'custom fields; key= takes one away', field: 'customFields', read: pairs },
  { flags: '--contact <address>', about: 'the customer it is for', field: 'contactEmail' },
  { flags: '--contact-name <name>', about: 'the customer’s name' },
  { flags: '--entity <type:id>', about: 'what it is about, such as device:42; none', read: entity },
];
export const CREATE_FIELDS: Field[] = [
  ...COMMON_FIELDS,
  { flags: '--status <status>', about: `another than open: ${OPEN_STATUSES.slice(1).join(', ')}` },
  { flags: '--source <source>', about: SOURCES.join(', ') },
];
export const UPDATE_FIELDS: Field[] = [
  ...COMMON_FIELDS,
  { flags: '--status <status>', about: STATUS_NAMES.join(', ') },
  { flags: '--note <text>', about: 'an internal note that goes with it' },
];

/** `device:42`, and its name behind another colon: `device:42:Front door`. */
function entity(text: string): { type: string; id: string; name?: string } | null {
  if (orNone(text) === null) return null;
  const [, type, id, name] = /^([^:]+):([^:]+)(?::(.+))?$/.exec(text) ?? [];
  if (type === undefined || id === undefined) throw new CliProblem('--entity: must be type:id, such as device:42', 2);
  return { type, id, ...(name !== undefined && { name }) };
}

/** Filters as the API's addresses have them. Pure. */
export function filtersOf({ customFields, watching, ...rest }: Record<string, unknown>): Query {
  return {
    ...(rest as Query),
    ...(watching === true && { watching: 'me' }),
    ...Object.fromEntries(
      Object.entries((customFields ?? {}) as Record<string, unknown>).map(([key, value]) => [
        `customFields.${key}`,
        String(value),
      ]),
    ),
  };
}

/** Names of people, teams and companies as the API wants them. */
export async function withIds(
  desk: Desk,
  fields: Record<string, unknown>,
  use: 'filter' | 'field',
): Promise<Record<string, unknown>> {
  const { assigneeId, teamId, creatorId, companyId, ...rest } = fields;
  if (typeof assigneeId === 'string') {
    const id = await agentIdOf(desk.api, assigneeId);
    rest['assigneeId'] = use === 'filter' ? id : await fieldOf(desk, id);
  }
  if (typeof teamId === 'string') {
    const id = await teamIdOf(desk.api, teamId);
    rest['teamId'] = use === 'filter' ? id : orNone(id);
  }
  if (typeof creatorId === 'string') rest['creatorId'] = await fieldOf(desk, await agentIdOf(desk.api, creatorId));
  if (typeof companyId === 'string')
    rest['companyId'] = (
      await named<{ id: string; name: string }>(desk.api, '/companies', companyId, 'company', ({ name }) => [name])
    ).id;
  return rest;
}

async function fieldOf(desk: Desk, assignee: string): Promise<string | null> {
  if (assignee !== 'me') return orNone(assignee);
  return (await desk.api.get<{ id: string }>('/agents/me')).id;
}
