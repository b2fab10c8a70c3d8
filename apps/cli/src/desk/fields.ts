import { readFile } from 'node:fs/promises';
import { text as allText } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { CliProblem } from './problem.js';

/** An option of a command that becomes a field of the request. */
export interface Field {
  /** As commander has it: `--color <#rrggbb>`. */
  flags: string;
  about: string;
  /** The field of the API; else the option's own name. */
  field?: string;
  read?: (text: string, flags: string) => unknown;
  choices?: readonly string[];
}

export const number = (text: string, flags: string): number => {
  const read = Number(text);
  if (text.trim() === '' || !Number.isFinite(read)) throw new CliProblem(`${nameOf(flags)}: must be a number`, 2);
  return read;
};

export const list = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

export const json = (text: string, flags: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliProblem(`${nameOf(flags)}: this is not JSON (${(error as Error).message})`, 2);
  }
};

/** `none` takes away what is there. */
export const orNone = (text: string): string | null => (text === 'none' || text === '' ? null : text);

/** `key=value`, several by comma; `key=` takes one away. Numbers and true/false are these, anything else text. */
export const pairs = (text: string, flags: string): Record<string, unknown> =>
  Object.fromEntries(
    list(text).map((pair) => {
      const end = pair.indexOf('=');
      if (end < 1) throw new CliProblem(`${nameOf(flags)}: must be key=value`, 2);
      const value = pair.slice(end + 1);
      return [pair.slice(0, end), value === '' ? null : plainValue(value)];
    }),
  );

function plainValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
}

export function addFields(command: Command, fields: readonly Field[]): Command {
  for (const field of fields) {
    const option = new Option(field.flags, field.about);
    if (field.choices) option.choices(field.choices);
    command.addOption(option);
  }
  return command;
}

/** The request's fields from the options that were given. */
export function fieldsOf(fields: readonly Field[], options: object): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const field of fields) {
    const option = new Option(field.flags);
    const given = (options as Record<string, unknown>)[option.attributeName()];
    if (given === undefined || (option.negate && given === true)) continue;
    read[field.field ?? option.attributeName()] =
      typeof given === 'string' && field.read ? field.read(given, field.flags) : given;
  }
  return read;
}

export const FILE_OPTION = ['-f, --file <file>', 'fields from a JSON or YAML file ("-" for standard input)'] as const;

/** Fields from a file, below those from options. */
export async function fromFile(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const text = await textFrom(file);
  const { parse } = await import('yaml');
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw new CliProblem(`${file}: neither JSON nor YAML (${(error as Error).message.split('\n')[0]})`, 2);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new CliProblem(`${file}: must be one object with the fields`, 2);
  return read as Record<string, unknown>;
}

/** Without the byte order mark that Windows’ own editors and shells begin a file with. */
export async function textFrom(file: string): Promise<string> {
  try {
    // Not /dev/stdin: it cannot be opened where standard input is a socket, as it is for programs that Node starts.
    const text = file === '-' ? await allText(process.stdin) : await readFile(file, 'utf8');
    return text.replace(/^\uFEFF/, '');
  } catch (error) {
    throw new CliProblem(`${file} cannot be read: ${(error as Error).message}`, 2);
  }
}

const nameOf = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;
