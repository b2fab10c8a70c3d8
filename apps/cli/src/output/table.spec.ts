import { describe, expect, it } from '@jest/globals';
import { type Column, oneLine, printable, tableOf } from './table.js';

interface Row {
  n: number;
  subject: string;
  by?: string;
}
const columns: Column<Row>[] = [
  { title: '#', of: ({ n }) => String(n), right: true },
  { title: 'SUBJECT', of: ({ subject }) => subject, flexible: true },
  { title: 'BY', of: ({ by }) => by ?? '' },
  { title: 'SECRET', of: () => 'x', wide: true },
];
const plain = { wide: false, width: null, colours: false, nowMs: 0 };

describe('a table on the terminal', () => {
  it('lines columns up, numbers at the right, and ends no line with blanks', () => {
    const rows = [
      { n: 1, subject: 'Printer on fire', by: 'Alice' },
      { n: 1234, subject: 'Login' },
    ];
    expect(tableOf(rows, columns, plain)).toBe(
      ['   #  SUBJECT          BY', '   1  Printer on fire  Alice', '1234  Login'].join('\n'),
    );
  });

  it('shows wide columns when asked to', () => {
    expect(tableOf([{ n: 1, subject: 'a' }], columns, { ...plain, wide: true })).toContain('SECRET');
  });

  it('leaves out a column that is there only if any has something in it', () => {
    const some: Column<Row>[] = [
      { title: 'N', of: ({ n }) => String(n) },
      { ...columns[2]!, ifAny: true },
    ];
    expect(tableOf([{ n: 1, subject: '' }], some, plain)).toBe('N\n1');
    expect(tableOf([{ n: 1, subject: '', by: 'A' }], some, plain)).toBe('N  BY\n1  A');
  });

  it('counts what a character takes on the screen, not its bytes', () => {
    const lines = tableOf(
      [
        { n: 1, subject: '東京', by: 'A' },
        { n: 2, subject: 'abcd', by: 'B' },
        { n: 3, subject: '👩‍👩‍👧', by: 'C' },
      ],
      columns,
      plain,
    ).split('\n');
    expect(lines.slice(1)).toEqual(['1  東京     A', '2  abcd     B', '3  👩‍👩‍👧       C']);
  });

  it('cuts the one flexible column where the terminal is too narrow, and never through a character', () => {
    const row = { n: 1, subject: 'The quick brown fox jumps over 東京 and 大阪', by: 'Alice' };
    const lines = tableOf([row], columns, { ...plain, width: 30 }).split('\n');
    expect(lines[1]).toBe('1  The quick brown fox…  Alice');
    const narrow = tableOf([{ ...row, subject: '東京東京東京東京' }], columns, { ...plain, width: 10 });
    expect(narrow.split('\n')[1]).toBe('1  東京東京東…   Alice');
  });

  it('cuts the widest of several flexible columns first, and none below what can still be read', () => {
    const both = columns.map((column) => (column.title === 'BY' ? { ...column, flexible: true } : column));
    const row = { n: 1, subject: 'The quick brown fox', by: 'casey@customer.example' };
    const lines = (width: number) => tableOf([row], both, { ...plain, width }).split('\n')[1];
    expect(lines(80)).toBe('1  The quick brown fox  casey@customer.example');
    expect(lines(40)).toBe('1  The quick brown …  casey@customer.ex…');
    expect(lines(10)).toBe('1  The quick b…  casey@custo…');
  });

  it('leaves no control character of a stranger’s on the terminal', () => {
    expect(oneLine('a\u001b[31mred\u0007\nb\u202ec')).toBe('a [31mred b c');
    expect(printable('a\u001b[2J\r\n\tb\u009b')).toBe('a[2J\n\tb');
    expect(tableOf([{ n: 1, subject: 'x\ny\u001b]0;title\u0007' }], columns, plain).split('\n')).toHaveLength(2);
  });
});
