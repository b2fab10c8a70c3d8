import { emailAddress, PRIORITIES, priorityInput, STATUSES, statusInput } from '#shared/contracts/values.js';
import { probablyMeant } from './near-miss.js';
import { type Field, type VerbDefinition, type VerbName, usageOf, VERBS } from './verbs.js';

/** What was given for each field: text as typed; status and priority already one of theirs; a ticket without `#`. */
export type Values = Partial<Record<Field['name'], string>>;

export type Parsed =
  | { kind: 'run'; verb: VerbName; values: Values }
  /** Something is missing: the modal asks for it, with what is there already filled in. */
  | { kind: 'ask'; verb: VerbName; values: Values }
  /** Not understood. `meant` is the line (without the command) that was probably meant. */
  | { kind: 'wrong'; problem: string; meant: string | null; verb: VerbName | null };

/** Reads what follows `/ticket`. Pure; nothing is looked up. */
export function parseCommand(line: string): Parsed {
  const text = line.trim();
  if (text === '') return { kind: 'run', verb: 'help', values: {} };
  const { first, rest } = splitFirst(text);
  if (/^#?\d{1,9}$/.test(first)) {
    if (rest === '') return { kind: 'run', verb: 'view', values: { ticket: bare(first) } };
    return numberFirst(first, rest);
  }
  const verb = findVerb(first);
  if (!verb) {
    const meant = probablyMeant(
      first,
      VERBS.flatMap(({ name, also }) => [name, ...also]),
    );
    return {
      kind: 'wrong',
      problem: `I do not know “${first.slice(0, 60)}”.`,
      meant: meant === null ? null : `${meant} ${rest}`.trim(),
      verb: null,
    };
  }
  return parseFields(verb, rest);
}

/** `42 take` is understood as `take 42`, but said so: a number first might have been meant otherwise. */
function numberFirst(number: string, rest: string): Parsed {
  const { first, rest: after } = splitFirst(rest);
  const known = VERBS.flatMap(({ name, also }) => [name, ...also]);
  const verb = findVerb(first)?.name ?? probablyMeant(first, known);
  return {
    kind: 'wrong',
    problem: 'The verb comes first.',
    meant: verb === null ? `view ${bare(number)}` : `${verb} ${bare(number)} ${after}`.trim(),
    verb: null,
  };
}

function parseFields(verb: Verb, typed: string): Parsed {
  const values: Values = {};
  let rest = typed;
  for (const field of verb.fields) {
    if (field.modalOnly || rest === '') continue;
    const taken = takeField(field, rest);
    if ('problem' in taken) {
      const before = [verb.name, ...Object.values(values)].join(' ');
      const meant = taken.meant === null ? null : `${before} ${taken.meant}`;
      return { kind: 'wrong', problem: taken.problem, meant, verb: verb.name };
    }
    values[field.name] = taken.value;
    rest = taken.rest;
  }
  if (rest !== '') {
    const extra = rest.slice(0, 60);
    return {
      kind: 'wrong',
      problem: `I do not know what to do with “${extra}”; it is used like this: \`${usageOf(verb)}\`.`,
      meant: [verb.name, ...Object.values(values)].join(' '),
      verb: verb.name,
    };
  }
  const missing = verb.fields.some(({ name, optional }) => !optional && values[name] === undefined);
  const { name } = verb;
  return missing ? { kind: 'ask', verb: name, values } : { kind: 'run', verb: name, values };
}

type Taken = { value: string; rest: string } | { problem: string; meant: string | null };

function takeField(field: Field, text: string): Taken {
  const { first, rest } = splitFirst(text);
  switch (field.kind) {
    case 'ticket':
      if (/^#?\d{1,9}$/.test(first)) return { value: bare(first), rest };
      return { problem: `“${first.slice(0, 60)}” is not a ticket number, such as 42 or #42.`, meant: null };
    case 'status':
      return takeWord(text, (word) => statusInput.safeParse(word).data, STATUSES, 'status');
    case 'priority':
      return takeWord(text, (word) => priorityInput.safeParse(word).data, PRIORITIES, 'priority');
    case 'person':
      return { value: text, rest: '' };
    case 'email':
    case 'line':
    case 'text':
    case 'rest':
      return wholeText(field, text);
  }
}

function wholeText(field: Field, text: string): Taken {
  const value = field.kind === 'line' ? text.replaceAll(/\s+/g, ' ') : text;
  if (field.kind === 'email') {
    const email = emailAddress.safeParse(value);
    return email.success
      ? { value: email.data, rest: '' }
      : { problem: `“${value.slice(0, 60)}” is not an e-mail address.`, meant: null };
  }
  if (field.max !== undefined && value.length > field.max) {
    return { problem: `The ${field.label.toLowerCase()} has at most ${field.max} characters.`, meant: null };
  }
  return { value, rest: '' };
}

/** One word of a list; `in progress` and `in-progress` are `in_progress`. */
function takeWord(
  text: string,
  read: (word: string) => string | undefined,
  known: readonly string[],
  what: string,
): Taken {
  const { first, rest } = splitFirst(text);
  const second = splitFirst(rest);
  const joined = read(normal(`${first}_${second.first}`));
  if (second.first !== '' && joined !== undefined) return { value: joined, rest: second.rest };
  const one = read(normal(first));
  if (one !== undefined) return { value: one, rest };
  return {
    problem: `“${first.slice(0, 60)}” is not a ${what}; it is one of ${known.join(', ')}.`,
    meant: probablyMeant(normal(first), known),
  };
}

const normal = (word: string): string => word.toLowerCase().replaceAll('-', '_');
const bare = (number: string): string => number.replace('#', '');

type Verb = VerbDefinition & { name: VerbName };

function findVerb(word: string): Verb | undefined {
  const wanted = word.toLowerCase();
  return (VERBS as readonly Verb[]).find(({ name, also }) => name === wanted || also.includes(wanted));
}

/** The first word and what follows it, breaks and all. */
function splitFirst(text: string): { first: string; rest: string } {
  const [, first = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return { first, rest: rest.trimEnd() };
}
