import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentDisposition, nameIn } from './content-disposition.js';
import { safeName } from './safe-name.js';

describe('Content-Disposition', () => {
  it('is plain for a plain name', () => {
    expect(contentDisposition('attachment', 'report 1.pdf')).toBe('attachment; filename="report 1.pdf"');
  });

  it('has both forms for others', () => {
    expect(contentDisposition('inline', 'Größe (1).png')).toBe(
      `inline; filename="Gr__e (1).png"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%281%29.png`,
    );
    expect(contentDisposition('attachment', '100%.txt')).toContain(`filename*=UTF-8''100%25.txt`);
  });

  it('carries any safe name there and back, as one header line of ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (given) => {
        const name = safeName(given);
        const header = contentDisposition('attachment', name);
        expect(header).toMatch(/^[\x20-\x7e]+$/);
        expect(nameIn(header)).toBe(name);
      }),
    );
  });

  it.each([
    [undefined, null],
    ['attachment', null],
    ['attachment; filename=plain.txt', 'plain.txt'],
    ['attachment; filename="a \\"b\\".txt"', 'a "b".txt'],
    [`attachment; filename="x.txt"; filename*=UTF-8'en'%e2%82%ac.txt`, '€.txt'],
    [`attachment; filename*=iso-8859-1''%a3.txt`, '£.txt'],
    [`attachment; filename*=koi8-r''%a3.txt; filename=y.txt`, 'y.txt'],
    [`attachment; filename="${Buffer.from('Grüße.txt').toString('latin1')}"`, 'Grüße.txt'],
    ['attachment; filename="Gr\u00fc\u00dfe.txt"', 'Grüße.txt'],
  ])('of %j names %j', (header, name) => {
    expect(nameIn(header)).toBe(name);
  });
});
