import { describe, expect, it } from '@jest/globals';
import { namedStatements } from '../../../../test/statements/named-statements.js';

const named = namedStatements();

describe('names of statements', () => {
  it('are found', () => expect(named.length).toBeGreaterThan(300));

  it('are said where the statement is made', () => {
    expect(named.filter(({ name }) => name === undefined)).toEqual([]);
  });

  it('belong to one text each: pg refuses a second one, on the first connection that meets both', () => {
    const seen = new Map<string, string[]>();
    for (const { name, file } of named) seen.set(name!, [...(seen.get(name!) ?? []), file]);
    expect([...seen].filter(([, files]) => files.length > 1)).toEqual([]);
  });

  it('are short enough for Postgres, which cuts at 63 bytes', () => {
    const longest = (isComposed: boolean) => (isComposed ? 63 - '.'.length - 22 : 63);
    expect(named.filter(({ name, isComposed }) => Buffer.byteLength(name!) > longest(isComposed))).toEqual([]);
  });
});
