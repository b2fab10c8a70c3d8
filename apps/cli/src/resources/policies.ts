import { json, number, orNone } from '../desk/fields.js';
import { hoursOf } from '../output/in-words.js';
import type { Resource } from './resource.js';

interface Policy {
  id: string;
  name: string;
  priority: number;
  enabled: boolean;
  conditions: { field: string; operator: string; value: unknown }[];
  first_response_time?: number | null;
  next_response_time?: number | null;
  resolution_time?: number | null;
}

const time = (minutes: number | null | undefined): string => (minutes ? hoursOf(minutes) : '');

/** `priority is urgent and tags has vip`. */
function conditionsInWords(conditions: Policy['conditions']): string {
  const words: Readonly<Record<string, string>> = {
    equals: 'is',
    not_equals: 'is not',
    contains: 'has',
    in: 'is one of',
    is_empty: 'is empty:',
  };
  return conditions
    .map(({ field, operator, value }) => {
      const text = Array.isArray(value) ? value.map(String).join('|') : String(value);
      return `${field} ${words[operator] ?? operator} ${text}`;
    })
    .join(' and ');
}

export const POLICIES: Resource<Policy> = {
  name: 'policy',
  aliases: ['policies', 'sla-policy'],
  one: 'SLA policy',
  many: 'SLA policies',
  path: '/sla/policies',
  columns: [
    { title: 'ORDER', of: ({ priority }) => String(priority), right: true },
    { title: 'NAME', of: ({ name }) => name },
    { title: 'FIRST', of: (policy) => time(policy.first_response_time), right: true },
    { title: 'NEXT', of: (policy) => time(policy.next_response_time), right: true },
    { title: 'RESOLVE', of: (policy) => time(policy.resolution_time), right: true },
    { title: 'WHEN', of: ({ conditions }) => conditionsInWords(conditions) || 'always', flexible: true },
    { title: 'ENABLED', of: ({ enabled }) => (enabled ? 'yes' : 'no') },
    { title: 'ID', of: ({ id }) => id, wide: true },
  ],
  namesOf: ({ name }) => [name],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: '1 to 200 characters' },
    { flags: '--description <text>', about: 'what it is for' },
    {
      flags: '--conditions <json>',
      about: 'such as [{"field":"priority","operator":"equals","value":"urgent"}]',
      read: json,
    },
    { flags: '--first-response-time <minutes>', about: 'until the first public answer', read: number },
    { flags: '--next-response-time <minutes>', about: 'until each further one', read: number },
    { flags: '--resolution-time <minutes>', about: 'until it is resolved', read: number },
    { flags: '--priority <n>', about: 'higher is tried first', read: number },
    { flags: '--enabled', about: 'holds for new tickets' },
    { flags: '--no-enabled', about: 'holds for none', field: 'enabled' },
  ],
};

interface Calendar {
  id: string;
  name: string;
  timezone: string;
  country: string | null;
  holidays: unknown[];
  policies: { name: string }[];
}

export const CALENDARS: Resource<Calendar> = {
  name: 'calendar',
  aliases: ['calendars'],
  one: 'calendar',
  many: 'calendars',
  path: '/sla/calendars',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'ZONE', of: ({ timezone }) => timezone },
    { title: 'COUNTRY', of: ({ country }) => country ?? '' },
    { title: 'HOLIDAYS', of: ({ holidays }) => String(holidays.length), right: true },
    { title: 'POLICIES', of: ({ policies }) => policies.map(({ name }) => name).join(', '), wide: true },
    { title: 'ID', of: ({ id }) => id, wide: true },
  ],
  namesOf: ({ name }) => [name],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'such as Office hours Berlin' },
    { flags: '--timezone <zone>', about: 'such as Europe/Berlin' },
    { flags: '--hours <json>', about: 'such as {"mon":[["09:00","12:30"],["13:30","18:00"]]}', read: json },
    { flags: '--holidays <json>', about: 'such as ["2026-12-25"]', read: json },
    { flags: '--country <code>', about: 'whose public holidays are kept, such as DE; none', read: orNone },
    { flags: '--region <code>', about: 'of that country, such as BE; none', read: orNone },
  ],
};
