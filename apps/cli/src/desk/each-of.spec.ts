import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Output } from '../output/output.js';
import { DeskApi } from './desk-api.js';
import { eachOf } from './each-of.js';
import { CliProblem } from './problem.js';

let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
});
afterEach(() => void jest.restoreAllMocks());

async function did(names: string[], refused: Record<string, 3 | 4 | 6>, output: 'table' | 'json' = 'table') {
  let text = '';
  const screen = { width: null, write: (part: string) => void (text += part) };
  const desk = {
    api: new DeskApi({ url: 'http://desk', apiKey: 'dw_12345678', from: 'a test' }),
    out: new Output({ output, colours: null }, screen),
  };
  const work = async (name: string) => {
    if (refused[name]) throw new CliProblem(`no ${name}`, refused[name]);
    return { name };
  };
  const failed = await eachOf(desk, names, work, (_, name) => `did ${name}`).then(
    () => null,
    (error: unknown) => error,
  );
  return { text, failed };
}

describe('the same with each', () => {
  it('does what can be done, tells the rest, and ends with the first refusal’s code', async () => {
    expect(await did(['a', 'b', 'c'], { b: 4, c: 3 })).toMatchObject({
      text: 'did a\n',
      failed: { exitCode: 4, message: 'done for 1 of 3' },
    });
    expect(told).toEqual(['deskwire: b: no b\n', 'deskwire: c: no c\n']);
  });

  it('answers one as it is, and several as one document', async () => {
    expect(JSON.parse((await did(['a'], {}, 'json')).text)).toEqual({ name: 'a' });
    expect(JSON.parse((await did(['a', 'b', 'c'], { b: 4 }, 'json')).text)).toEqual({
      items: [{ name: 'a' }, { name: 'c' }],
    });
  });

  it('says what is wrong with the only one, and nothing else', async () => {
    expect(await did(['a'], { a: 4 })).toMatchObject({ text: '', failed: { exitCode: 4, message: 'no a' } });
    expect(told).toEqual([]);
  });

  it('does not go on when the desk is away', async () => {
    expect(await did(['a', 'b', 'c'], { b: 6 })).toMatchObject({ text: 'did a\n', failed: { exitCode: 6 } });
  });
});
