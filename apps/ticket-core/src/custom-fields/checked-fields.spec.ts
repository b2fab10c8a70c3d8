import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIELD_TYPES } from '#shared/contracts/custom-fields.js';
import { checkedFields } from './checked-fields.js';
import { type FieldDefinition, readFieldValue } from './field-value.js';

const field = (type: FieldDefinition['type'], more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  key: type,
  label: type,
  type,
  options: ['Red', 'Dark blue'],
  required: false,
  ...more,
});

describe('a value of a custom field', () => {
  it.each([
    ['text', ['', 'x', 'x'.repeat(2_000)], ['x'.repeat(2_001), 5, null, {}, ['x']]],
    ['number', [0, -1.5, 1e300], ['5', NaN, Infinity, true, null]],
    ['boolean', [true, false], ['true', 0, 1, null]],
    [
      'date',
      ['2026-01-31', '2028-02-29', '0001-01-01'],
      ['2026-02-30', '2027-02-29', '2026-1-1', '2026-01-31T00:00:00Z', '20260131', 'today', 5],
    ],
    ['select', ['Red', 'Dark blue'], ['Green', '', ['Red'], 1, null]],
    ['multi_select', [[], ['Red'], ['Dark blue', 'Red']], ['Red', ['Green'], [['Red']], {}]],
    [
      'url',
      ['https://example.org', 'http://x.example/a?b#c'],
      [
        'example.org',
        'javascript:alert(1)',
        'ftp://x.example',
        'https://',
        `https://x.example/${'x'.repeat(2_000)}`,
        5,
      ],
    ],
  ] as const)('%s', (type, right, wrong) => {
    for (const value of right) expect([value, readFieldValue(field(type), value)]).toEqual([value, { value }]);
    for (const value of wrong)
      expect([value, readFieldValue(field(type), value)]).toEqual([value, { problem: expect.any(String) as unknown }]);
  });

  it('of a choice is spelled as its option', () => {
    expect(readFieldValue(field('select'), ' dark BLUE ')).toEqual({ value: 'Dark blue' });
    expect(readFieldValue(field('multi_select'), ['red', 'RED', 'Dark Blue'])).toEqual({ value: ['Red', 'Dark blue'] });
    const colour = field('select', { options: ['Grün'.normalize('NFC')] });
    expect(readFieldValue(colour, 'Grün'.normalize('NFD'))).toEqual({ value: 'Grün'.normalize('NFC') });
  });

  it('of anything is read or refused, and what was read is read again as it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELD_TYPES), fc.anything(), (type, value) => {
        const read = readFieldValue(field(type), value);
        if ('problem' in read) return read.problem.startsWith('must be');
        const again = readFieldValue(field(type), read.value);
        return 'value' in again && JSON.stringify(again.value) === JSON.stringify(read.value);
      }),
    );
  });
});

describe('a ticket’s custom fields', () => {
  const check = (before: object, asked: object, more: object = {}) =>
    checkedFields({
      definitions: [field('text'), field('number', { required: true })],
      before: { ...before },
      asked: { ...asked },
      required: 'none',
      ...more,
    });

  it('are changed key by key', () => {
    expect(check({ text: 'a', number: 1, old: true }, { text: null, number: 2 })).toEqual({
      fields: { number: 2, old: true },
      problems: [],
    });
    expect(check({ old: true }, { old: null })).toEqual({ fields: {}, problems: [] });
    expect(check({ old: true }, { old: false }).problems).toMatchObject([{ pointer: '/customFields/old' }]);
  });

  it('say which required ones are missing, once', () => {
    expect(check({}, {}, { required: 'all' }).problems).toEqual([
      { pointer: '/customFields/number', message: 'is required: number must be said' },
    ]);
    expect(check({}, { number: 'x' }, { required: 'all' }).problems).toEqual([
      { pointer: '/customFields/number', message: 'must be a number' },
    ]);
    expect(check({}, { text: 'x' }, { required: 'asked' }).problems).toEqual([]);
    expect(check({ number: 1 }, { number: null }, { required: 'asked' }).problems).toHaveLength(1);
  });

  it('take odd keys for keys', () => {
    for (const definitions of [[], [field('text')]]) {
      const asked = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "a/b~c": 1}') as object;
      const { fields, problems } = check({}, asked, { definitions });
      expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
      expect(fields).not.toHaveProperty('admin');
      expect(problems[0]).toMatchObject({ pointer: '/customFields/__proto__' });
      if (definitions.length > 0)
        expect(problems.map(({ pointer }) => pointer)).toEqual([
          '/customFields/__proto__',
          '/customFields/constructor',
          '/customFields/a~1b~0c',
        ]);
    }
  });

  it('are not too many, nor too large', () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`k${at}`, 1]));
    expect(check({}, many, { definitions: [] }).problems).toMatchObject([{ pointer: '/customFields' }]);
    expect(
      check({ log: 'x'.repeat(600_000) }, { more: 'x'.repeat(600_000) }, { definitions: [] }).problems,
    ).toHaveLength(1);
  });
});
