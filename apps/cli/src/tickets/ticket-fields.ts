import { PRIORITIES, SOURCES, STATUSES } from '#shared/contracts/values.js';
import type { Desk } from '../desk/desk-command.js';
import { type Field, list, orNone, pairs } from '../desk/fields.js';
import { agentIdOf, teamIdOf } from '../desk/who-is-meant.js';

const STATUS_NAMES = [...STATUSES, 'waiting'];
const PRIORITY_NAMES = [...PRIORITIES, 'critical'];
const several = (names: readonly string[]) => `${names.join(', ')}; several by comma`;

/** Options of `ticket list`; the desk says which value is wrong. */
export const LIST_FIELDS: Field[] = [
  { flags: '--status <status>', about: several(STATUS_NAMES) },
  { flags: '--priority <priority>', about: several(PRIORITY_NAMES) },
  { flags: '--category <category>', about: 'several by comma' },
  { flags: '--assignee <agent>', about: 'name, e-mail address or id; me; none', field: 'assigneeId' },
  { flags: '--team <team>', about: 'name, handle or id; none', field: 'teamId' },
  { flags: '--tag <tag>', about: 'several by comma: any of them' },
  { flags: '--contact <address>', about: 'the customer’s e-mail address', field: 'contactEmail' },
  { flags: '--source <source>', about: SOURCES.join(', ') },
  { flags: '--sla <state>', about: 'breached or warning' },
  { flags: '--text <words>', about: 'search in subject, texts and names' },
  { flags: '--created-from <date>', about: 'a date or an instant' },
  { flags: '--created-to <date>', about: 'a date or an instant' },
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
];
export const CREATE_FIELDS: Field[] = [
  ...COMMON_FIELDS,
  { flags: '--contact <address>', about: 'the customer it is for', field: 'contactEmail' },
  { flags: '--contact-name <name>', about: 'the customer’s name' },
  { flags: '--source <source>', about: SOURCES.join(', ') },
];
export const UPDATE_FIELDS: Field[] = [
  ...COMMON_FIELDS,
  { flags: '--status <status>', about: STATUS_NAMES.join(', ') },
  { flags: '--note <text>', about: 'an internal note that goes with it' },
];

/** Names of people and teams as the API wants them. */
export async function withIds(
  desk: Desk,
  fields: Record<string, unknown>,
  use: 'filter' | 'field',
): Promise<Record<string, unknown>> {
  const { assigneeId, teamId, ...rest } = fields;
  if (typeof assigneeId === 'string') {
    const id = await agentIdOf(desk.api, assigneeId);
    rest['assigneeId'] = use === 'filter' ? id : await fieldOf(desk, id);
  }
  if (typeof teamId === 'string') {
    const id = await teamIdOf(desk.api, teamId);
    rest['teamId'] = use === 'filter' ? id : orNone(id);
  }
  return rest;
}

async function fieldOf(desk: Desk, assignee: string): Promise<string | null> {
  if (assignee !== 'me') return orNone(assignee);
  return (await desk.api.get<{ id: string }>('/agents/me')).id;
}
