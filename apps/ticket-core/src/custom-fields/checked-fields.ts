import type { Problem } from '#shared/errors/desk-error.js';
import { type FieldDefinition, isBlank, readFieldValue } from './field-value.js';

type Values = Readonly<Record<string, unknown>>;

export interface FieldsCheck {
  definitions: readonly FieldDefinition[];
  /** What the ticket has; none when it is opened. */
  before: Values;
  /** What was asked for; null takes a value away. */
  asked: Values;
  /** Required fields must have a value, or those of them that are asked for. */
  required: 'all' | 'asked' | 'none';
}

const MAX_FIELDS = 200;
const MAX_CHARS = 1_000_000;

/**
 * A ticket's custom fields after a change of some of them, key by key, or what is wrong with which. A desk without
 * definitions keeps whatever it is given; with definitions a key that none defines is refused, while values that are there
 * already (of a field that was deleted) stay and may be taken away. Pure.
 */
export function checkedFields({ definitions, before, asked, required }: FieldsCheck): {
  fields: Record<string, unknown>;
  problems: Problem[];
} {
  const known = new Map(definitions.map((definition) => [definition.key, definition]));
  const fields = new Map(Object.entries(before));
  const problems: Problem[] = [];
  const wrong = (key: string, message: string) => void problems.push({ pointer: pointerOf(key), message });
  for (const [key, value] of Object.entries(asked)) {
    const definition = known.get(key);
    // JavaScript would take it for something else than a key.
    if (key === '__proto__') wrong(key, 'cannot be the name of a field');
    else if (isBlank(value)) fields.delete(key);
    else if (known.size === 0) fields.set(key, value);
    else if (!definition) {
      const names = [...known.keys()].slice(0, 30).join(', ');
      wrong(key, `is not a custom field of this desk: must be one of ${names}`);
    } else {
      const read = readFieldValue(definition, value);
      if ('problem' in read) wrong(key, read.problem);
      else fields.set(key, read.value);
    }
  }
  for (const { key, label, required: needed } of definitions) {
    if (!needed || required === 'none' || (required === 'asked' && !Object.hasOwn(asked, key))) continue;
    if (!fields.has(key) && !problems.some(({ pointer }) => pointer === pointerOf(key)))
      wrong(key, `is required: ${label} must be said`);
  }
  const all = Object.fromEntries(fields);
  if (fields.size > MAX_FIELDS)
    problems.push({ pointer: '/customFields', message: `must be at most ${MAX_FIELDS} fields` });
  if (JSON.stringify(all).length > MAX_CHARS)
    problems.push({ pointer: '/customFields', message: 'must be at most 1 MB in all' });
  return { fields: all, problems };
}

/** RFC 6901. */
const pointerOf = (key: string): string => `/customFields/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
