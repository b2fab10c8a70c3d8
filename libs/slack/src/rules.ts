import { codePoints } from './limits.js';
import type { Problem } from './problem.js';

/** Checks one value at one place, and adds what is wrong with it to `found`. */
export type Rule = (value: unknown, path: string, found: Problem[]) => void;
/** A field of an object: a rule for one that must be there, `optional(rule)` for one that may. */
export type Field = Rule | { readonly optional: Rule };
export type Fields = Readonly<Record<string, Field>>;
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const optional = (rule: Rule): Field => ({ optional: rule });

export const anything: Rule = () => undefined;

/** A string of `min` to `max` code points. */
export function string(max: number, min = 1): Rule {
  return (value, path, found) => {
    if (typeof value !== 'string') {
      found.push({ path, message: `must be a string, is ${nameOf(value)}` });
      return;
    }
    const length = codePoints(value);
    if (length > max) found.push({ path, message: `${length} of ${max} characters` });
    if (length < min)
      found.push({ path, message: min === 1 ? 'must not be empty' : `must have at least ${min} characters` });
  };
}

export function matching(pattern: RegExp, what: string): Rule {
  return (value, path, found) => {
    if (typeof value !== 'string' || !pattern.test(value)) found.push({ path, message: `must be ${what}` });
  };
}

export function oneOf(...allowed: readonly (string | number)[]): Rule {
  return (value, path, found) => {
    if (!allowed.some((one) => one === value)) {
      found.push({ path, message: `must be one of ${allowed.join(', ')}, is ${nameOf(value)}` });
    }
  };
}

export const boolean: Rule = (value, path, found) => {
  if (typeof value !== 'boolean') found.push({ path, message: `must be true or false, is ${nameOf(value)}` });
};

export function integer(min: number, max: number): Rule {
  return (value, path, found) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      found.push({ path, message: `must be a whole number from ${min} to ${max}, is ${nameOf(value)}` });
    }
  };
}

export const number: Rule = (value, path, found) => {
  if (typeof value !== 'number' || !Number.isFinite(value))
    found.push({ path, message: `must be a number, is ${nameOf(value)}` });
};

export function list(item: Rule, max: number, min = 1, noun = 'items'): Rule {
  return (value, path, found) => {
    if (!Array.isArray(value)) {
      found.push({ path, message: `must be a list, is ${nameOf(value)}` });
      return;
    }
    if (value.length > max) found.push({ path, message: `${value.length} of ${max} ${noun}` });
    if (value.length < min) found.push({ path, message: `must have at least ${min} of ${noun}` });
    value.forEach((one: unknown, index) => item(one, `${path}[${index}]`, found));
  };
}

/** An object with exactly these fields: Slack refuses what it does not know ("invalid additional property"). */
export function object(fields: Fields, also?: Rule): Rule {
  return (value, path, found) => {
    if (!isObject(value)) {
      found.push({ path, message: `must be an object, is ${nameOf(value)}` });
      return;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key) && value[key] !== undefined)
        found.push({ path, message: `invalid additional property: ${key}` });
    }
    for (const [key, field] of Object.entries(fields)) {
      const one = value[key];
      if (typeof field === 'function') {
        if (one === undefined || one === null) found.push({ path, message: `missing required field: ${key}` });
        else field(one, under(path, key), found);
      } else if (one !== undefined && one !== null) field.optional(one, under(path, key), found);
    }
    also?.(value, path, found);
  };
}

/** An object whose `type` picks its rule; a type that is known but not allowed here is told apart from an unknown one. */
export function typed(
  what: string,
  rules: () => Readonly<Record<string, Rule>>,
  known?: () => readonly string[],
): Rule {
  return (value, path, found) => {
    if (!isObject(value) || typeof value['type'] !== 'string') {
      found.push({ path, message: `must be ${what} with a type, is ${nameOf(value)}` });
      return;
    }
    const type = value['type'];
    const table = rules();
    const rule = Object.hasOwn(table, type) ? table[type] : undefined;
    if (rule) rule(value, path, found);
    else if (known?.().includes(type)) found.push({ path, message: `${type} is not allowed here` });
    else found.push({ path, message: `unsupported type: ${type}` });
  };
}

/** At least one, or exactly one, of these fields. */
export function needs(how: 'one' | 'some', ...keys: readonly string[]): Rule {
  return (value, path, found) => {
    if (!isObject(value)) return;
    const given = keys.filter((key) => value[key] !== undefined && value[key] !== null);
    if (given.length === 0) found.push({ path, message: `missing required field: ${keys.join(' or ')}` });
    if (how === 'one' && given.length > 1) found.push({ path, message: `only one of ${keys.join(', ')} may be given` });
  };
}

export function all(...rules: readonly Rule[]): Rule {
  return (value, path, found) => rules.forEach((rule) => rule(value, path, found));
}

export function under(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined ? 'missing' : 'an object';
}
