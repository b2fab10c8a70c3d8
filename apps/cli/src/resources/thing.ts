import { bold } from '../output/paint.js';
import { oneLine, printable } from '../output/table.js';

/** Anything of the desk as lines of `name  value`, for people: long texts below their names, what is empty left out. */
export function thingInLines(thing: object, colours: boolean): string {
  const entries = Object.entries(thing).filter(([, value]) => !isEmpty(value));
  const width = Math.max(0, ...entries.map(([name]) => wordsOf(name).length));
  return entries
    .map(([name, value]) => {
      const title = wordsOf(name).padEnd(width);
      const text = inWords(value);
      const shown = text.includes('\n') ? `\n${indented(text)}` : text;
      return `${colours ? bold(title) : title}  ${shown}`.trimEnd();
    })
    .join('\n');
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** `firstResponseTime` and `first_response_time` as `first response time`. */
const wordsOf = (name: string): string =>
  name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

function inWords(value: unknown): string {
  if (typeof value === 'string') return printable(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value) && value.every((one) => isPlain(one) || nameOf(one) !== null))
    return oneLine(value.map((one) => nameOf(one) ?? String(one)).join(', '));
  const name = nameOf(value);
  if (name !== null) return oneLine(name);
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.every(([, one]) => isPlain(one)))
    return oneLine(entries.map(([key, one]) => `${wordsOf(key)} ${String(one)}`).join(', '));
  return JSON.stringify(value, null, 2);
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function nameOf(value: unknown): string | null {
  const name = typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : null;
  return typeof name === 'string' ? name : null;
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
