import type { Desk } from '../desk/desk-command.js';
import { json, list, number, orNone } from '../desk/fields.js';
import { CliProblem } from '../desk/problem.js';
import { named } from '../desk/who-is-meant.js';
import { hoursOf, minutesOf } from '../output/in-words.js';
import { addOpenHours } from './open-hours.command.js';
import { addPolicyCommands } from './policy.command.js';
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

/** Whole minutes, as people say them; `none` takes a target away. */
function targetTime(text: string, flags: string): number | null {
  if (orNone(text) === null) return null;
  const read = minutesOf(text);
  if (read === null) throw new CliProblem(`${flags.split(' ')[0]}: must be a time such as 30, 45m, 4h or 1h30m`, 2);
  return read;
}

const numbers = (text: string, flags: string): number[] => list(text).map((one) => number(one, flags));

/** The name of a calendar becomes its id. */
export async function withCalendar(desk: Desk, fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { calendarId } = fields;
  if (typeof calendarId !== 'string') return fields;
  if (orNone(calendarId) === null) return { ...fields, calendarId: null };
  const { id } = await named<Calendar>(desk.api, '/sla/calendars', calendarId, 'calendar', ({ name }) => [name]);
  return { ...fields, calendarId: id };
}

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
    {
      flags: '--first-response-time <time>',
      about: 'until the first public answer: 30, 45m or 4h; none',
      read: targetTime,
    },
    { flags: '--next-response-time <time>', about: 'until each further one; none', read: targetTime },
    { flags: '--resolution-time <time>', about: 'until it is resolved; none', read: targetTime },
    { flags: '--calendar <calendar>', about: 'whose hours count: name or id; none: all hours', field: 'calendarId' },
    { flags: '--pause-on <statuses>', about: 'in which the clocks stand still, by comma', read: list },
    { flags: '--warn-at <shares>', about: 'of the time, by comma, such as 0.8', read: numbers },
    { flags: '--first-response-by <what>', about: 'public_reply or public_reply_or_status_change' },
    { flags: '--next-response-from <what>', about: 'agent_response or customer_message' },
    { flags: '--on-reopen <what>', about: 'resume or restart' },
    { flags: '--escalation <json>', about: 'what is done at which time, as in POST /sla/policies', read: json },
    { flags: '--priority <n>', about: 'higher is tried first', read: number },
    { flags: '--enabled', about: 'holds for new tickets' },
    { flags: '--no-enabled', about: 'holds for none', field: 'enabled' },
  ],
  prepare: withCalendar,
  more: addPolicyCommands,
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
    {
      flags: '--exceptions <json>',
      about: 'days with other hours, such as {"2026-12-24":[["09:00","12:00"]]}',
      read: json,
    },
    { flags: '--country <code>', about: 'whose public holidays are kept, such as DE; none', read: orNone },
    { flags: '--region <code>', about: 'of that country, such as BE; none', read: orNone },
  ],
  more: addOpenHours,
};
