import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mentionsIn } from '../notifications/mentions.js';
import { marked } from 'marked';
import { CANNED_NAMES, CANNED_VARIABLES, type CannedValues } from './canned-variables.js';
import { parseCanned } from './parse-canned.js';
import { inert, renderText } from './render-text.js';

const render = (content: string, values: CannedValues = {}) => {
  const read = parseCanned(content);
  if ('problem' in read) throw new Error(read.problem);
  return renderText(read.parts, values)!;
};
const problem = (content: string) => (parseCanned(content) as { problem?: string }).problem;

describe('a canned response', () => {
  it.each([
    ['Hi {{contact.firstName}}!', { 'contact.firstName': 'Casey' }, 'Hi Casey!'],
    [
      '{{{contact.name}}} {{&contact.name}} {{ contact.name }}',
      { 'contact.name': 'O’Brien & Søn' },
      'O’Brien & Søn O’Brien & Søn O’Brien & Søn',
    ],
    ['{{#if company.name}}of {{company.name}}{{else}}you{{/if}}', {}, 'you'],
    ['{{#if company.name}}a{{else if contact.name}}b{{else}}c{{/if}}', { 'contact.name': 'x' }, 'b'],
    ['{{#unless assignee.name}}nobody yet{{/unless}}', {}, 'nobody yet'],
    ['{{! a comment }}{{!-- {{ticket.number}} --}}x', {}, 'x'],
    ['a {{~ticket.number~}} b', { 'ticket.number': '4' }, 'a4b'],
    [String.raw`as \{{ticket.number}} is`, {}, 'as {{ticket.number}} is'],
    ['No braces, **bold**.', {}, 'No braces, **bold**.'],
  ])('%j', (content, values, expected) => {
    expect(render(content, values)).toEqual({ content: expected, missing: [] });
  });

  it('shows what has no value, and says so once', () => {
    expect(
      render('Hi {{contact.firstName}}, {{contact.firstName}} of {{company.name}}', { 'company.name': '  ' }),
    ).toEqual({
      content: 'Hi [contact.firstName?], [contact.firstName?] of [company.name?]',
      missing: ['contact.firstName', 'company.name'],
    });
  });

  it.each([
    '{{contact.lastName}}',
    '{{constructor}}',
    '{{__proto__}}',
    '{{contact.constructor}}',
    '{{contact.__proto__.name}}',
    '{{this}}',
    '{{this.ticket.number}}',
    '{{./today}}',
    '{{../ticket.number}}',
    '{{@root.ticket.number}}',
    '{{ticket/number}}',
    '{{lookup ticket "number"}}',
    '{{log today}}',
    '{{today "x"}}',
    '{{today x=1}}',
    '{{(lookup today)}}',
    '{{"today"}}',
    '{{1}}',
    '{{true}}',
    '{{#each ticket}}{{/each}}',
    '{{#with contact}}{{/with}}',
    '{{#today}}x{{/today}}',
    '{{^today}}x{{/today}}',
    '{{#if today as |x|}}{{x}}{{/if}}',
    '{{#if}}x{{/if}}',
    '{{#if today today}}x{{/if}}',
    '{{#if today includeZero=true}}x{{/if}}',
    '{{#if (lookup today)}}x{{/if}}',
    '{{#if "today"}}x{{/if}}',
    '{{> partial}}',
    '{{#> partial}}x{{/partial}}',
    '{{* decorator}}',
    '{{#* inline "x"}}x{{/inline}}',
    '{{{{raw}}}}x{{{{/raw}}}}',
    '{{#if today}}',
    '{{/if}}',
    '{{',
    '{{}}',
    '}}{{{',
    `${'{{#if today}}'.repeat(12)}${'{{/if}}'.repeat(12)}`,
  ])('is refused with %s', (content) => {
    expect(problem(content)).toEqual(expect.any(String));
  });

  it('names the variable that there is not, and those that there are', () => {
    const said = problem('Hi {{contact.fristName}}')!;
    expect(said).toContain('“contact.fristName”');
    for (const { name } of CANNED_VARIABLES) expect(said).toContain(name);
    expect(problem('one\ntwo {{#if today}}')).toContain('line 2');
  });

  const pieces = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '{{{{',
      '}}}}',
      '{{#if ',
      '{{/if}}',
      '{{else}}',
      '{{#unless ',
      '{{/unless}}',
      '{{>',
      '{{!',
      '{{~',
      '~}}',
      '\\',
      '@root',
      'this',
      '../',
      '(',
      ')',
      '|',
      'as |x|',
      '"',
      '=',
      ' ',
      '.',
      '&',
      '*',
      '^',
    ),
    fc.constantFrom(...CANNED_NAMES, 'constructor', '__proto__', 'each', 'lookup', 'helperMissing'),
  );
  const templates = fc.array(pieces, { maxLength: 25 }).map((some) => some.join(''));
  const values = fc.dictionary(
    fc.constantFrom(...CANNED_VARIABLES.map(({ name }) => name)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );

  it('speaks only of what is listed, whatever is written; and what was accepted renders', () => {
    let accepted = 0;
    fc.assert(
      fc.property(templates, values, (content, given) => {
        const read = parseCanned(content);
        if ('problem' in read) return read.problem.length > 0;
        accepted += 1;
        const rendered = renderText(read.parts, given)!;
        return (
          read.variables.every((name) => CANNED_NAMES.has(name)) &&
          rendered.missing.every((name) => read.variables.includes(name)) &&
          !rendered.content.includes('[object') &&
          !rendered.content.includes('function')
        );
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it.each(['{{', '{{#if today}}', '{{(', '\\{{', '{{today}}', '{{{{', '{{!', '}} {{today'])(
    'of nothing but %s is answered soon',
    (piece) => {
      const began = performance.now();
      const content = piece.repeat(Math.floor(20_000 / piece.length));
      const read = parseCanned(content);
      if (!('problem' in read)) renderText(read.parts, { today: 'x'.repeat(1_000) });
      expect(performance.now() - began).toBeLessThan(2_000);
    },
  );

  it('longer than a message may be is none', () => {
    const read = parseCanned('{{today}}'.repeat(1_000));
    expect('problem' in read ? 'refused' : renderText(read.parts, { today: 'x'.repeat(400) })).toBeNull();
  });
});

describe('a value that somebody else chose', () => {
  it.each([
    'Casey Miller',
    'Jean-Luc O’Brien (IT)',
    'casey.miller@customer.example',
    '李雷',
    'Łukasz #1',
    '2026-11-21',
    '42',
    'a & b',
  ])('%s reads as it is', (value) => {
    expect(inert(value)).toBe(value);
  });

  it.each([
    '{{organisation.name}}',
    '**bold**',
    '[click](https://evil.example)',
    '![x](https://evil.example/pixel.png)',
    '<script>alert(1)</script>',
    '<@U024BE7LH>',
    '@bea',
    'hello @[Bea Miller]',
    '# Heading',
    '> quote',
    '- item',
    '1. item',
    '`code`',
    '~~gone~~',
    '&lt;b&gt;',
    'https://evil.example',
    'line\n\n# two',
    '---',
    '| a | b |',
  ])('%j does nothing', (value) => {
    const written = inert(value);
    expect(written).not.toMatch(/[\r\n]/);
    expect(mentionsIn(`Hi ${written}`)).toEqual({ handles: [], names: [] });
    expect(mentionsIn(written)).toEqual({ handles: [], names: [] });
    for (const around of [written, `Hi ${written}, bye`]) {
      const html = marked.parse(around, { async: false, gfm: true });
      expect(html.replaceAll(/<\/?p>|\n/g, '')).not.toMatch(/<[a-z]/i);
    }
  });

  it('is never read as a template: it comes after the reading', () => {
    expect(
      render('Hi {{contact.name}}', { 'contact.name': '{{organisation.name}}', 'organisation.name': 'Acme' }).content,
    ).toBe(String.raw`Hi \{\{organisation.name\}\}`);
  });

  it('whatever it is: one line, no element, nobody mentioned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const written = `Hi ${inert(value)}!`;
        const html = marked.parse(written, { async: false });
        return !/[\r\n]/.test(written) && !/<(?!\/?p>)[a-z]/i.test(html) && mentionsIn(written).handles.length === 0;
      }),
      { numRuns: 3_000 },
    );
  });
});
