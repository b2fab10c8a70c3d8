import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extensionOf, MAX_NAME_BYTES, safeName } from './safe-name.js';

describe('a safe name', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Grüße aus Köln.pdf', 'Grüße aus Köln.pdf'],
    ['見積書.xlsx', '見積書.xlsx'],
    ['👩‍👩‍👧 family.png', '👩‍👩‍👧 family.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\casey\\x.txt', 'x.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['a\r\nSet-Cookie: x.txt', 'a Set-Cookie_ x.txt'],
    ['nul', '_nul'],
    ['COM1.txt', '_COM1.txt'],
    ['console.txt', 'console.txt'],
    ['what?*.txt', 'what__.txt'],
    ['x.exe. . ', 'x.exe'],
    ['.htaccess', 'htaccess'],
    ['..', 'file'],
    ['', 'file'],
    ['\0\u0007', 'file'],
    ['half \ud83d pair.txt', 'half _ pair.txt'],
    ['e\u0301.txt', 'é.txt'],
  ])('of %j is %j', (given, safe) => {
    expect(safeName(given)).toBe(safe);
  });

  it('has its extension also when it is cut', () => {
    const name = safeName(`${'長'.repeat(300)}.tar.gz`);
    expect(name.endsWith('長.gz')).toBe(true);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_NAME_BYTES);
    expect(safeName(`e${'\u0301'.repeat(400)}.txt`)).toBe('file.txt');
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    // What an attacker would try, put together at random.
    fc
      .array(
        fc.constantFrom(
          '.',
          '/',
          '\\',
          ' ',
          '\u202e',
          '\0',
          'con',
          'nul',
          'a',
          '.exe',
          '\u0301',
          '長',
          ':',
          '\ud800',
          '\u200d',
        ),
        { maxLength: 150 },
      )
      .map((parts) => parts.join('')),
  );

  it('whatever is given: one name, visible, of few bytes, no device, and safe again as it is', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const name = safeName(given);
        expect(name).not.toBe('');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_NAME_BYTES);
        expect(name).not.toMatch(/[/\\<>:"|?*\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(name).not.toMatch(/^[. ]|[. ]$/);
        expect(name.isWellFormed()).toBe(true);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(safeName(name)).toBe(name);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an extension', () => {
  it.each([
    ['a.EXE', 'EXE'],
    ['a.tar.gz', 'gz'],
    ['a', ''],
    ['.bashrc', ''],
    ['Hello. World', ''],
  ])('of %s is %j', (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });
});
