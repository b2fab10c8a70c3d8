import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import './plain-words.js';

const said = (schema: z.ZodType, input: unknown): string | undefined =>
  schema.safeParse(input).error?.issues[0]?.message;

describe('plainWords', () => {
  it.each([
    [z.string(), undefined, 'is missing: must be text'],
    [z.string(), 7, 'must be text'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), 'a', 'must be a list'],
    [z.strictObject({}), [], 'must be an object'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), 'ab', 'must be at least 3 characters'],
    [z.string().max(1), 'ab', 'must be at most 1 character'],
    [z.array(z.string()).max(2), ['', '', ''], 'must be at most 2 entries'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().max(1_000_000), 2_000_000, 'must be at most 1,000,000'],
    [z.number().lt(1), 1, 'must be less than 1'],
    [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
    [z.strictObject({}), { prioritty: 1 }, 'has no field “prioritty”'],
    [z.uuid(), 'x', 'must be an id (UUID)'],
  ] satisfies [z.ZodType, unknown, string][])('says what may be there instead (%#)', (schema, input, words) => {
    expect(said(schema, input)).toBe(words);
  });

  it('leaves a schema’s own words alone', () => {
    expect(said(z.string().min(1, 'say something'), '')).toBe('say something');
  });

  it('names a few of the fields that are not known, and the beginning of a long one', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, 1]));
    expect(said(z.strictObject({}), many)).toBe('has no field “k0” or “k1” or “k2” or “k3” or “k4” …');
    expect(said(z.strictObject({}), { ['x'.repeat(60)]: 1 })).toBe(`has no field “${'x'.repeat(50)}…”`);
  });
});
