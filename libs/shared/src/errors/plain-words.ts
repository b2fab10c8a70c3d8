import { z } from 'zod';
import { counted } from '../words/counted.js';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'an id (UUID)',
  datetime: 'an instant such as 2026-01-31T12:00:00Z',
  email: 'an e-mail address',
  url: 'an address such as https://example.org',
};

const COUNTED: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
};

/**
 * What is wrong with a field, as the end of a sentence that begins with its name. For everything that a schema does not
 * word itself: zod's own words speak of types and comparison signs, to people who wrote a form or a script.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? `of type ${issue.expected}`;
      return issue.input === undefined ? `is missing: must be ${kind}` : `must be ${kind}`;
    }
    case 'too_small':
      if (COUNTED[issue.origin] && Number(issue.minimum) === 1) return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has no field ${named(issue.keys)}`;
    case 'invalid_format':
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    default:
      return undefined;
  }
}

/** A few of them and not all of each: what is wrong must fit into an answer, however wrong it is. */
function named(keys: readonly string[]): string {
  const told = keys.slice(0, 5).map((key) => `“${key.length > 50 ? `${key.slice(0, 50)}…` : key}”`);
  return `${told.join(' or ')}${keys.length > told.length ? ' …' : ''}`;
}

function amount(origin: string, limit: number | bigint): string {
  const words = COUNTED[origin];
  return words ? counted(Number(limit), ...words) : Number(limit).toLocaleString('en-GB');
}

z.config({ customError: plainWords });
