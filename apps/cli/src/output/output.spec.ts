import { describe, expect, it } from '@jest/globals';
import { Output, type OutputOptions } from './output.js';

class Paper {
  text = '';
  constructor(readonly width: number | null = null) {}
  write(text: string): void {
    this.text += text;
  }
}
const printed = async (options: Partial<OutputOptions>, answer: unknown): Promise<string> => {
  const paper = new Paper();
  await new Output({ output: 'table', colours: null, ...options }, paper).data(answer);
  return paper.text;
};
const PAGE = {
  items: [
    { number: 1, subject: 'a' },
    { number: 2, subject: 'b' },
  ],
  nextCursor: null,
};

describe('printing', () => {
  it('prints data as JSON and YAML, whole', async () => {
    expect(JSON.parse(await printed({ output: 'json' }, PAGE))).toEqual(PAGE);
    expect(await printed({ output: 'yaml' }, { a: [1, 'x'] })).toBe('a:\n  - 1\n  - x\n');
  });

  it('parts YAML documents, so that a reader of the whole stream understands it', async () => {
    const paper = new Paper();
    const out = new Output({ output: 'yaml', colours: null }, paper);
    await out.data({ a: 1 });
    await out.data({ a: 2 });
    expect(paper.text).toBe('a: 1\n---\na: 2\n');
  });

  it.each([
    ['items[].number', '1\n2\n'],
    ['items[0].subject', 'a\n'],
    ['nextCursor', '\n'],
    ['length(items)', '2\n'],
    ['items[?number > `1`].subject | [0]', 'b\n'],
  ])('picks %s for scripts', async (query, text) => expect(await printed({ query }, PAGE)).toBe(text));

  it('prints what was picked as data where data was asked for', async () => {
    expect(await printed({ query: 'items[].number', output: 'json' }, PAGE)).toBe('[\n  1,\n  2\n]\n');
    expect(await printed({ query: 'items[0]' }, PAGE)).toBe('{\n  "number": 1,\n  "subject": "a"\n}\n');
  });

  it('says what is wrong with a query', async () => {
    await expect(printed({ query: 'items[' }, PAGE)).rejects.toMatchObject({ exitCode: 2, message: /--query/ });
  });

  it('uses colours on a terminal only, and not when they are not wanted', () => {
    expect(new Output({ output: 'table', colours: null }, new Paper(80)).colours).toBe(true);
    expect(new Output({ output: 'table', colours: null }, new Paper(null)).colours).toBe(false);
    expect(new Output({ output: 'table', colours: false }, new Paper(80)).colours).toBe(false);
    expect(new Output({ output: 'table', colours: true }, new Paper(null)).colours).toBe(true);
  });

  it('says that there is nothing', async () => {
    const paper = new Paper();
    await new Output({ output: 'table', colours: false }, paper).list({ items: [] }, [], 'No tickets.');
    expect(paper.text).toBe('No tickets.\n');
  });
});
