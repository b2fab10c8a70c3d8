import { describe, expect, it } from '@jest/globals';
import { markdownToHtml, markdownToText } from './markdown.js';
import { withinTime } from './within-time.js';

describe('work within a time', () => {
  it('gives what it makes, and throws what it throws', () => {
    expect(withinTime(60_000, () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(() =>
      withinTime(60_000, () => {
        throw new TypeError('no');
      }),
    ).toThrow(TypeError);
  });

  it('is stopped when it takes longer, in a loop and in a regular expression', () => {
    const forEver = () => {
      for (;;);
    };
    expect(withinTime(20, forEver)).toBeNull();
    expect(withinTime(20, () => /^(a+)+$/.test(`${'a'.repeat(40)}!`))).toBeNull();
    expect(withinTime(60_000, () => 'the next is not')).toBe('the next is not');
  });
});

describe('Markdown that takes for ever to read', () => {
  it('is sent as it was written, safe all the same', () => {
    const words = `${'<'.repeat(190_000)}b>"x" & y`;
    const html = markdownToHtml(words);
    expect(html).toMatch(/^<p style="[^"]*">&lt;&lt;/);
    expect(html).toMatch(/b&gt;(&quot;|")x(&quot;|") &amp; y<\/p>$/);
    expect(markdownToText('['.repeat(190_000))).toBe('['.repeat(190_000));
  });
});
