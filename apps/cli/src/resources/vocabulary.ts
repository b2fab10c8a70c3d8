import { json, list, number, orNone, type Field } from '../desk/fields.js';
import type { Desk } from '../desk/desk-command.js';
import { agentIdOf, teamIdOf } from '../desk/who-is-meant.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import { addCannedCommands } from './canned.command.js';
import type { Resource } from './resource.js';

const TEAM: Field = { flags: '--team <team>', about: 'of one team: name, handle or id; none', field: 'teamId' };
const FIND: Field = { flags: '--search <words>', about: 'with these words', field: 'q' };

/** Names of teams and agents in fields become ids. */
export async function withPeople(desk: Desk, fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { teamId, agentId, ...rest } = fields;
  return {
    ...rest,
    ...(typeof teamId === 'string' && { teamId: orNone(await teamIdOf(desk.api, teamId)) }),
    ...(typeof agentId === 'string' && { agentId: orNone(await agentIdOf(desk.api, agentId)) }),
  };
}

const id: Column<{ id: string }> = { title: 'ID', of: (item) => item.id, wide: true };

interface Tag {
  id: string;
  name: string;
  color: string;
  teamId: string | null;
  openTicketCount?: number;
}

export const TAGS: Resource<Tag> = {
  name: 'tag',
  aliases: ['tags'],
  one: 'tag',
  many: 'tags',
  path: '/ticket-tags',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'COLOUR', of: ({ color }) => color },
    { title: 'OPEN TICKETS', of: ({ openTicketCount }) => String(openTicketCount ?? ''), right: true, ifAny: true },
    { title: 'TEAM', of: ({ teamId }) => teamId ?? '', wide: true },
    id,
  ],
  namesOf: ({ name }) => [name],
  filters: [FIND, TEAM, { flags: '--counts', about: 'with how many open tickets have each' }],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'up to 50 characters' },
    { flags: '--color <colour>', about: 'such as #ef4444' },
    TEAM,
  ],
  updateFields: [{ flags: '--merge', about: 'with the tag that has the new name already' }],
  prepare: withPeople,
};

interface Category {
  id: string;
  name: string;
}

export const CATEGORIES: Resource<Category> = {
  name: 'category',
  aliases: ['categories'],
  one: 'category',
  many: 'categories',
  path: '/ticket-categories',
  columns: [{ title: 'NAME', of: ({ name }) => name }, id],
  namesOf: ({ name }) => [name],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'as it stands on tickets' },
    { flags: '--position <n>', about: 'its place in the list', read: number },
  ],
  deleteOptions: [{ flags: '--replace-by <category>', about: 'what its tickets get instead; needed when it has any' }],
};

interface CustomField {
  id: string;
  key: string;
  label: string;
  type: string;
  options: string[];
  required: boolean;
}

export const CUSTOM_FIELDS: Resource<CustomField> = {
  name: 'field',
  aliases: ['fields', 'custom-field'],
  one: 'custom field',
  many: 'custom fields',
  path: '/custom-fields',
  columns: [
    { title: 'KEY', of: ({ key }) => key },
    { title: 'LABEL', of: ({ label }) => label, flexible: true },
    { title: 'TYPE', of: ({ type }) => type },
    { title: 'REQUIRED', of: ({ required }) => (required ? 'yes' : 'no') },
    { title: 'OPTIONS', of: ({ options }) => options.join(', '), wide: true },
    id,
  ],
  namesOf: ({ key, label }) => [key, label],
  firstField: 'key',
  fields: [
    { flags: '--key <key>', about: 'its name in a ticket’s customFields' },
    { flags: '--label <text>', about: 'as people read it' },
    { flags: '--type <type>', about: 'text, number, boolean, date, select, multi_select, url' },
    { flags: '--options <options>', about: 'of a select, by comma', read: list },
    { flags: '--required', about: 'must be given when a ticket is opened' },
    { flags: '--no-required', about: 'may be left out', field: 'required' },
    { flags: '--position <n>', about: 'its place in the form', read: number },
  ],
  onlyAtFirst: ['--key', '--type'],
};

interface CannedResponse {
  id: string;
  title: string;
  shortcut: string | null;
  usageCount: number;
  lastUsedAt?: string | null;
}

export const CANNED_RESPONSES: Resource<CannedResponse> = {
  name: 'canned',
  aliases: ['canned-response', 'canned-responses'],
  one: 'canned response',
  many: 'canned responses',
  path: '/canned-responses',
  columns: [
    { title: 'SHORTCUT', of: ({ shortcut }) => shortcut ?? '' },
    { title: 'TITLE', of: ({ title }) => title, flexible: true },
    { title: 'USED', of: ({ usageCount }) => String(usageCount), right: true },
    { title: 'LAST', of: ({ lastUsedAt }, nowMs) => agoOf(lastUsedAt, nowMs), wide: true },
    id,
  ],
  namesOf: ({ title, shortcut }) => [title, shortcut],
  filters: [FIND, TEAM, { flags: '--sort <order>', about: 'title, or used: what is used most first' }],
  firstField: 'title',
  fields: [
    { flags: '--title <title>', about: 'as people look for it' },
    { flags: '--content <text>', about: 'Markdown with {{variables}}' },
    { flags: '--shortcut <word>', about: 'such as refund-sent; none', read: orNone },
    TEAM,
  ],
  prepare: withPeople,
  more: addCannedCommands,
};

interface Template {
  id: string;
  name: string;
  description: string;
  usageCount: number;
}

export const TEMPLATES: Resource<Template> = {
  name: 'template',
  aliases: ['templates'],
  one: 'template',
  many: 'templates',
  path: '/ticket-templates',
  columns: [
    { title: 'NAME', of: ({ name }) => name },
    { title: 'DESCRIPTION', of: ({ description }) => description, flexible: true },
    { title: 'USED', of: ({ usageCount }) => String(usageCount), right: true },
    id,
  ],
  namesOf: ({ name }) => [name],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'such as “New Employee Setup”' },
    { flags: '--description <text>', about: 'when to use it' },
    { flags: '--fields <json>', about: 'what a ticket is pre-filled with, as in POST /tickets', read: json },
    TEAM,
  ],
  filters: [FIND, TEAM],
  prepare: withPeople,
};

interface View {
  id: string;
  name: string;
  scope?: string;
  ticketCount?: number;
  ticketCountIsAtLeast?: boolean;
  query: unknown;
}

export const VIEWS: Resource<View> = {
  name: 'view',
  aliases: ['views'],
  one: 'saved view',
  many: 'saved views',
  path: '/views',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'SCOPE', of: ({ scope }) => scope ?? '' },
    {
      title: 'TICKETS',
      of: ({ ticketCount, ticketCountIsAtLeast }) =>
        ticketCount === undefined ? '' : `${ticketCount}${ticketCountIsAtLeast ? '+' : ''}`,
      right: true,
      ifAny: true,
    },
    { title: 'QUERY', of: ({ query }) => JSON.stringify(query), wide: true },
    id,
  ],
  namesOf: ({ name }) => [name],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'as it stands in the list of views' },
    { flags: '--query-fields <json>', about: 'filters and sort, as in GET /tickets', field: 'query', read: json },
    { flags: '--scope <scope>', about: 'private, team or organisation' },
    TEAM,
    { flags: '--position <n>', about: 'its place in the list', read: number },
  ],
  filters: [{ flags: '--counts', about: 'with how many tickets each shows' }],
  prepare: withPeople,
};
