import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mentionsIn } from './mentions.js';

const handles = (text: string) => mentionsIn(text).handles;

describe('who a text names', () => {
  it.each([
    ['@bob this is the third report this week', ['bob']],
    ['@alice can you look at this?', ['alice']],
    ['please ask @bea.', ['bea']],
    ['@bea... @max-, @dana_!', ['bea', 'max', 'dana']],
    ['(@bea) [@max] "@dana", @erin;', ['bea', 'max', 'dana', 'erin']],
    ['cc:@bea', ['bea']],
    ['@bea.miller and @b+c', ['bea.miller', 'b+c']],
    ['@Bea @BEA @bea', ['bea']],
    ['@müller @Ægir @李雷', ['müller', 'ægir', '李雷']],
    ['@mu\u0308ller', ['müller']],
    ['**@bea** is bold, _@max_ is not', ['bea', 'max']],
    ['first\n@bea', ['bea']],
    ['@triage-agent please categorize this', ['triage-agent']],
    ["@bea's ticket", ['bea']],
    ['@1', ['1']],
  ])('%j', (text, expected) => {
    expect(handles(text)).toEqual(expected);
  });

  it.each([
    'casey@customer.example',
    'Casey <casey@customer.example>',
    'mail to:casey.miller@customer.example.',
    'https://social.example/@bea',
    '@bea@social.example',
    'npm i @scope/package',
    '\\@bea',
    '`@bea`',
    '``a ` @bea``',
    '`one\ntwo @bea`',
    '```\n@bea\n```',
    '~~~sh\n@bea\n```\n@max\n~~~',
    '```\n@bea',
    'code:\n\n    @bea',
    '> @bea said so',
    '   > @bea',
    '@',
    '@ bea',
    '@.bea',
    'a@',
    '',
  ])('nobody in %j', (text) => {
    expect(mentionsIn(text)).toEqual({ handles: [], names: [] });
  });

  it('names whole names in brackets', () => {
    expect(mentionsIn('@[Bea  Miller] and @[Łukasz Żak], not @[] nor @[\n]').names).toEqual([
      'bea miller',
      'łukasz żak',
    ]);
  });

  it('goes on after code and quotes', () => {
    expect(handles('`x` @bea ```y``` @max\n> @nobody\n@dana\n```\n@nobody\n```\n@erin')).toEqual([
      'bea',
      'max',
      'dana',
      'erin',
    ]);
    expect(handles('a lone ` is no code, @bea')).toEqual(['bea']);
  });

  it('ends at fifty', () => {
    const many = Array.from({ length: 200 }, (_, place) => `@agent${place}`).join(' ');
    expect(handles(many)).toHaveLength(50);
  });

  it('answers any text, and soon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { handles: some, names } = mentionsIn(text);
        return [...some, ...names].every((one) => one !== '' && one === one.toLowerCase());
      }),
    );
    const startedMs = performance.now();
    for (const text of [
      '`'.repeat(200_000),
      '` '.repeat(100_000),
      '@['.repeat(100_000),
      '@a.'.repeat(66_000),
      '>'.repeat(200_000),
    ])
      mentionsIn(text);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
