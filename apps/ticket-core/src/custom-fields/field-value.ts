import type { FieldType } from '#shared/contracts/custom-fields.js';

export interface FieldDefinition {
  key: string;
  label: string;
  type: FieldType;
  options: readonly string[];
  required: boolean;
}

export type ReadValue = { value: unknown } | { problem: string };

const MAX_TEXT = 2_000;
const DATE = /^\d{4}-\d\d-\d\d$/;

const READ: Readonly<Record<FieldType, (value: unknown, options: readonly string[]) => ReadValue>> = {
  text: (value) =>
    typeof value === 'string' && value.length <= MAX_TEXT
      ? { value }
      : { problem: `must be text of at most ${MAX_TEXT.toLocaleString('en-GB')} characters` },
  number: (value) =>
    typeof value === 'number' && Number.isFinite(value) ? { value } : { problem: 'must be a number' },
  boolean: (value) => (typeof value === 'boolean' ? { value } : { problem: 'must be true or false' }),
  date: (value) =>
    typeof value === 'string' && isDay(value) ? { value } : { problem: 'must be a day such as 2026-01-31' },
  select: (value, options) => {
    const option = optionOf(value, options);
    return option === undefined ? { problem: `must be one of ${options.join(', ')}` } : { value: option };
  },
  multi_select: (value, options) => {
    const chosen = Array.isArray(value) ? value.map((one) => optionOf(one, options)) : [undefined];
    return chosen.includes(undefined)
      ? { problem: `must be a list of some of ${options.join(', ')}` }
      : { value: [...new Set(chosen)] };
  },
  url: (value) =>
    typeof value === 'string' && isWebAddress(value)
      ? { value: value.trim() }
      : { problem: 'must be an address such as https://example.org' },
};

/** A value as it is kept, or what it must be. An option may be given in any case and gets its own. Pure. */
export const readFieldValue = ({ type, options }: FieldDefinition, value: unknown): ReadValue =>
  READ[type](value, options);

/** Nothing to speak of: what a required field must not be. */
export const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

const optionOf = (value: unknown, options: readonly string[]): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const wanted = sameLetters(value.trim());
  return options.find((option) => option === value) ?? options.find((option) => sameLetters(option) === wanted);
};

/** In any case, and however a keyboard composed them (Unicode NFC). */
const sameLetters = (text: string): string => text.normalize('NFC').toLowerCase();

/** A day that there is: not the 30th of February. */
function isDay(text: string): boolean {
  const at = DATE.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function isWebAddress(text: string): boolean {
  if (text.length > MAX_TEXT) return false;
  const { protocol, hostname } = URL.parse(text.trim()) ?? { protocol: '', hostname: '' };
  return (protocol === 'https:' || protocol === 'http:') && hostname !== '';
}
