import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SOURCES = join(import.meta.dirname, '..');
const named = globSync('**/*.ts', { cwd: SOURCES })
  .filter((file) => !file.endsWith('.spec.ts'))
  .flatMap((file) =>
    [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/\bstatement\(\s*'([^']+)'/g)].map(([, name]) => ({
      file,
      name: name!,
    })),
  );

describe('names of statements', () => {
  it('are found', () => expect(named.length).toBeGreaterThan(50));

  it('belong to one text each: pg refuses a second one, on the first connection that meets both', () => {
    const seen = new Map<string, string[]>();
    for (const { name, file } of named) seen.set(name, [...(seen.get(name) ?? []), file]);
    expect([...seen].filter(([, files]) => files.length > 1)).toEqual([]);
  });

  it('are short enough for Postgres, which cuts at 63 bytes', () => {
    expect(named.filter(({ name }) => Buffer.byteLength(name) > 63)).toEqual([]);
  });
});
