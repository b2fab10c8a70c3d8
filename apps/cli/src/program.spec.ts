import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from './program.js';
import { withVerb } from './shorthand.js';

const leaves = (command: Command): Command[] =>
  command.commands.length > 0 ? command.commands.flatMap(leaves) : [command];
const pathOf = (command: Command | null): string =>
  command?.parent ? `${pathOf(command.parent)} ${command.name()}` : 'deskwire';

describe('the command line', () => {
  const all = leaves(buildProgram());

  it('has help for every command, and for every option of it', () => {
    expect(all.length).toBeGreaterThan(80);
    for (const command of all.filter((one) => one.name() !== '__complete')) {
      expect([pathOf(command), command.description()]).not.toEqual([pathOf(command), '']);
      for (const option of command.options)
        expect([pathOf(command), option.flags, option.description === '']).toEqual([
          pathOf(command),
          option.flags,
          false,
        ]);
    }
  });

  it('speaks kubectl’s verbs for everything that can be listed', () => {
    for (const group of buildProgram().commands.filter(({ commands }) =>
      commands.some((one) => one.name() === 'list'),
    )) {
      const list = group.commands.find((one) => one.name() === 'list')!;
      expect([group.name(), list.aliases()]).toEqual([group.name(), ['ls']]);
      const remove = group.commands.find((one) => one.name() === 'delete');
      if (remove) expect([group.name(), remove.aliases()]).toEqual([group.name(), ['rm']]);
    }
  });

  it('understands a ticket without a verb, and keeps typos typos', () => {
    const said = (text: string) => withVerb(buildProgram(), text.split(' ')).join(' ');
    expect(said('ticket 42 -o json')).toBe('ticket view 42 -o json');
    expect(said('t #42')).toBe('t view #42');
    expect(said('reply 42 It is back.')).toBe('reply add 42 It is back.');
    expect(said('note 42 - --attach x')).toBe('note add 42 - --attach x');
    for (const text of ['ticket', 'ticket lst', 'ticket view 42', 'tag 42', 'nonsense 42'])
      expect(said(text)).toBe(text);
  });
});
