import { describe, expect, it } from '@jest/globals';
import { isShownInline, refusedKind, sniffType } from './sniff-type.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const ZIP = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
const PDF = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj', 'latin1');
const EXE = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const ELF = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(60)]);
const NOISE = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 151 + 1) % 256));

const typeOf = async (head: Buffer, declared: string | null, name: string, isWhole = true) =>
  (await sniffType(head, isWhole, declared, name)).contentType;

describe('the type of a file', () => {
  it.each([
    ['a picture that says so', PNG, 'image/png', 'a.png', 'image/png'],
    ['a picture that says it is text', PNG, 'text/html', 'a.html', 'image/png'],
    ['HTML that says it is a picture', Buffer.from('<html><script>'), 'image/png', 'a.png', 'text/plain'],
    ['noise that says it is a picture', NOISE, 'image/png', 'a.png', 'application/octet-stream'],
    ['noise that says it is text', NOISE, 'text/plain', 'a.txt', 'application/octet-stream'],
    ['noise of a kind that has no mark', NOISE, 'application/x-autocad', 'a.dwgx', 'application/x-autocad'],
    ['a PDF that nobody declared', PDF, null, 'a', 'application/pdf'],
    [
      'a document in a zip',
      ZIP,
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'a.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['a zip that says it is a picture', ZIP, 'image/png', 'a.png', 'application/zip'],
    ['a table', Buffer.from('a;b\n1;2\n'), 'text/csv', 'a.csv', 'text/csv'],
    ['a table of Windows', Buffer.from('Stra\xdfe;1\r\n', 'latin1'), null, 'a.csv', 'text/csv'],
    ['JSON with a charset', Buffer.from('{}'), 'application/json; charset=utf-8', 'a', 'application/json'],
    ['a text that nobody declared', Buffer.from('Grüße'), 'application/octet-stream', 'a', 'text/plain'],
    ['UTF-16', Buffer.from('\ufeffGrüße', 'utf16le'), null, 'a', 'text/plain'],
    ['a type that is none', Buffer.from('x'), 'text/html\r\nx: y', 'a', 'text/plain'],
    ['nothing at all', Buffer.alloc(0), null, 'a', 'text/plain'],
  ])('%s', async (_what, head, declared, name, expected) => {
    expect(await typeOf(head, declared, name)).toBe(expected);
  });

  it('of a text whose beginning ends within a letter is text', async () => {
    expect(await typeOf(Buffer.from('Grüß').subarray(0, -1), null, 'a', false)).toBe('text/plain');
  });
});

describe('what is refused', () => {
  const list = new Set(['exe', 'elf', 'js', 'bat']);
  it.each([
    ['setup.EXE', null, 'exe'],
    ['invoice.pdf.exe', null, 'exe'],
    ['run.bat', null, 'bat'],
    ['report.pdf', 'pdf', null],
    ['exe', null, null],
  ])('%s (bytes of %s): %s', (name, sniffed, by) => {
    expect(refusedKind(list, name, sniffed)).toBe(by);
  });

  it.each([
    ['Windows', EXE, 'exe'],
    ['Linux', ELF, 'elf'],
  ])('is a program of %s by its bytes, whatever it is called', async (_of, head, by) => {
    const { extension } = await sniffType(head, true, 'image/jpeg', 'holiday.jpg');
    expect(refusedKind(list, 'holiday.jpg', extension)).toBe(by);
  });
});

describe('what a browser may show', () => {
  it('are pictures, PDF and plain text; never what can hold a script', () => {
    for (const type of ['image/png', 'image/JPEG', 'application/pdf', 'text/plain'])
      expect(isShownInline(type)).toBe(true);
    for (const type of [
      'text/html',
      'image/svg+xml',
      'application/xml',
      'text/xml',
      'application/xhtml+xml',
      'text/javascript',
      '',
    ])
      expect(isShownInline(type)).toBe(false);
  });
});
