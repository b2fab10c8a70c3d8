import type { Command, Option } from 'commander';

/** What may stand at the place of the last word, given those before it. Pure: it reads the tree of commands. */
export function candidates(program: Command, words: readonly string[]): string[] {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  let command = program;
  let waiting: Option | undefined;
  for (const word of before.filter((one, at) => at > 0 || one !== 'help')) {
    if (waiting) {
      waiting = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = optionNamed(command, word);
      if (option?.required && !word.includes('=')) waiting = option;
      continue;
    }
    command = subcommandNamed(command, word) ?? command;
  }
  if (waiting) return valuesOf(waiting, last);
  const [flag, ...value] = last.split('=');
  const assigned = last.startsWith('--') && value.length > 0 ? optionNamed(command, flag!) : undefined;
  if (assigned) return valuesOf(assigned, value.join('=')).map((one) => `${flag}=${one}`);
  if (last.startsWith('-')) return startingWith(command.options.filter(({ hidden }) => !hidden).map(nameOf), last);
  const [argument] = command.registeredArguments;
  if (command.commands.length === 0) return startingWith(argument?.argChoices ?? [], last);
  const commands = command.createHelp().visibleCommands(command);
  return startingWith(
    commands.map((one) => one.name()),
    last,
  );
}

/** What an option may be; of several by comma, the last. */
function valuesOf(option: Option, text: string): string[] {
  const before = option.description.includes('by comma') ? text.slice(0, text.lastIndexOf(',') + 1) : '';
  const choices = option.argChoices ?? choicesInWords(option);
  return startingWith(choices, text.slice(before.length)).map((one) => before + one);
}

const nameOf = (option: Option): string => option.long ?? option.short ?? '';

const optionNamed = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => long === word.split('=')[0] || short === word);

const subcommandNamed = (command: Command, word: string): Command | undefined =>
  command.commands.find((one) => one.name() === word || one.aliases().includes(word));

/** A description that begins with a list of single words is what the option may be: `open, pending, resolved`. */
function choicesInWords({ description }: Option): string[] {
  const words = description.split(';')[0]!.split(/,\s*|\s+or\s+/);
  return words.length > 2 && words.every((word) => /^[a-z_]+$/.test(word)) ? words : [];
}

const startingWith = (all: readonly string[], text: string): string[] => all.filter((one) => one.startsWith(text));
