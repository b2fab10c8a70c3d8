import { describe, expect, it } from '@jest/globals';
import { parseCommand } from './parse-command.js';
import { type VerbDefinition, VERBS } from './verbs.js';

describe('what is typed after the command', () => {
  it.each([
    ['', { kind: 'run', verb: 'help', values: {} }],
    ['42', { kind: 'run', verb: 'view', values: { ticket: '42' } }],
    ['#42', { kind: 'run', verb: 'view', values: { ticket: '42' } }],
    ['TAKE #42', { kind: 'run', verb: 'take', values: { ticket: '42' } }],
    ['take', { kind: 'ask', verb: 'take', values: {} }],
    ['new', { kind: 'ask', verb: 'new', values: {} }],
    ['new  Printer   on fire ', { kind: 'run', verb: 'new', values: { subject: 'Printer on fire' } }],
    ['reply 42', { kind: 'ask', verb: 'reply', values: { ticket: '42' } }],
    ['reply 42 Two\nlines', { kind: 'run', verb: 'reply', values: { ticket: '42', text: 'Two\nlines' } }],
    ['status 42 in progress', { kind: 'run', verb: 'status', values: { ticket: '42', status: 'in_progress' } }],
    ['status 42 on-hold', { kind: 'run', verb: 'status', values: { ticket: '42', status: 'on_hold' } }],
    ['status 42 waiting', { kind: 'run', verb: 'status', values: { ticket: '42', status: 'pending' } }],
    ['prio 42 CRITICAL', { kind: 'run', verb: 'priority', values: { ticket: '42', priority: 'urgent' } }],
    ['resolve 42', { kind: 'run', verb: 'resolve', values: { ticket: '42' } }],
    ['done 42 New toner', { kind: 'run', verb: 'resolve', values: { ticket: '42', text: 'New toner' } }],
    [
      'assign 42 <@U0BEA00002|bea>',
      { kind: 'run', verb: 'assign', values: { ticket: '42', person: '<@U0BEA00002|bea>' } },
    ],
    ['list', { kind: 'run', verb: 'list', values: {} }],
    ['list mine tag:vip', { kind: 'run', verb: 'list', values: { filters: 'mine tag:vip' } }],
  ])('%j', (line, parsed) => {
    expect(parseCommand(line)).toEqual(parsed);
  });

  it.each([
    ['reslove 42', 'resolve 42'],
    ['tkae 42', 'take 42'],
    ['repl 42 hello', 'reply 42 hello'],
    ['42 take', 'take 42'],
    ['42 hello', 'view 42'],
    ['status 42 pendng', 'status 42 pending'],
    ['priority 42 hihg', 'priority 42 high'],
    ['take 42 now', 'take 42'],
  ])('%j probably meant %j', (line, meant) => {
    expect(parseCommand(line)).toMatchObject({ kind: 'wrong', meant });
  });

  it('does not guess at what resembles nothing', () => {
    expect(parseCommand('abracadabra')).toMatchObject({ kind: 'wrong', meant: null, verb: null });
    expect(parseCommand('take printer')).toMatchObject({ kind: 'wrong', meant: null, verb: 'take' });
  });

  it.each((VERBS as readonly VerbDefinition[]).map((verb) => [verb.example, verb]))(
    'understands the example in help: %s',
    (example, verb) => {
      const parsed = parseCommand(example as string);
      expect(parsed).toMatchObject({ kind: 'run', verb: (verb as VerbDefinition).name });
    },
  );

  it('gives each verb and each other name only once', () => {
    const words = (VERBS as readonly VerbDefinition[]).flatMap(({ name, also }) => [name, ...also]);
    expect(new Set(words).size).toBe(words.length);
  });

  it('gives every verb that needs something a modal to ask for it', () => {
    for (const verb of VERBS as readonly VerbDefinition[]) {
      if (verb.fields.some(({ optional }) => !optional)) expect(verb.modal).toBeDefined();
    }
  });
});
