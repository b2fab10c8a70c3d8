import { describe, expect, it } from '@jest/globals';
import { buildProgram } from '../program.js';
import { candidates } from './candidates.js';

const program = buildProgram();
const after = (...words: string[]) => candidates(program, words);

describe('what may be typed next', () => {
  it('names commands, and then their own', () => {
    expect(after('ti')).toEqual(['ticket', 'time']);
    expect(after('ticket', 're')).toEqual(['resolve', 'reopen', 'restore']);
    expect(after('t', 'vi')).toEqual(['view']);
    expect(after('nonsense', 'x')).toEqual([]);
  });

  it('names options', () => {
    expect(after('ticket', 'list', '--st')).toEqual(['--status']);
    expect(after('ticket', 'create', '--subject', 'ticket', '--pri')).toEqual(['--priority']);
    expect(after('tag', 'create', '--co')).toEqual(['--color']);
  });

  it('names what an option may be', () => {
    expect(after('ticket', 'list', '-o', '')).toEqual(['table', 'wide', 'json', 'yaml']);
    expect(after('ticket', 'list', '--priority', 'u')).toEqual(['urgent']);
    expect(after('ticket', 'list', '--status', '')).toContain('waiting');
    expect(after('agent', 'create', '--role', 'm')).toEqual(['manager']);
    expect(after('ticket', 'list', '--text', '')).toEqual([]);
  });

  it('goes on behind = and behind a comma, and after help', () => {
    expect(after('ticket', 'list', '--status=pe')).toEqual(['--status=pending']);
    expect(after('ticket', 'list', '--status', 'open,pe')).toEqual(['open,pending']);
    expect(after('ticket', 'list', '--nonsense=pe')).toEqual([]);
    expect(after('help', 'ticket', 'vi')).toEqual(['view']);
  });

  it('hides what is not for people', () => {
    expect(after('')).not.toContain('__complete');
  });
});
