import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Field, fieldsOf, fromFile, json, list, number, orNone, pairs } from './fields.js';

const FIELDS: Field[] = [
  { flags: '--name <name>', about: '' },
  { flags: '--team <team>', about: '', field: 'teamId', read: orNone },
  { flags: '--tags <tags>', about: '', read: list },
  { flags: '--position <n>', about: '', read: number },
  { flags: '--fields <pairs>', about: '', field: 'customFields', read: pairs },
  { flags: '--enabled', about: '' },
  { flags: '--no-enabled', about: '', field: 'enabled' },
];

describe('fields from options', () => {
  it('takes what was given, by the API’s names', () => {
    expect(fieldsOf(FIELDS, { name: 'x', team: 'none', tags: 'a, b,', position: '3', enabled: true })).toEqual({
      name: 'x',
      teamId: null,
      tags: ['a', 'b'],
      position: 3,
      enabled: true,
    });
    expect(fieldsOf(FIELDS, { enabled: false })).toEqual({ enabled: false });
    expect(fieldsOf(FIELDS, {})).toEqual({});
  });

  it('reads pairs as numbers, truths and texts, and an empty one as taken away', () => {
    expect(pairs('plan=pro,seats=12,trial=true,old=,url=a=b', '--fields <pairs>')).toEqual({
      plan: 'pro',
      seats: 12,
      trial: true,
      old: null,
      url: 'a=b',
    });
  });

  it.each([
    [() => number('three', '--position <n>'), '--position: must be a number'],
    [() => json('{', '--conditions <json>'), '--conditions: this is not JSON'],
    [() => pairs('plan', '--fields <pairs>'), '--fields: must be key=value'],
  ])('names the option that is wrong (%#)', (read, message) => expect(read).toThrow(message));
});

describe('fields from a file', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskwire-cli-'))));
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (text: string) => {
    const path = join(folder, 'fields');
    await writeFile(path, text);
    return path;
  };

  it('reads JSON and YAML', async () => {
    expect(await fromFile(await file('{"name":"x","tags":["a"]}'))).toEqual({ name: 'x', tags: ['a'] });
    expect(await fromFile(await file('name: x\ntags: [a]\n'))).toEqual({ name: 'x', tags: ['a'] });
    expect(await fromFile(undefined)).toEqual({});
  });

  it('says what is wrong with one', async () => {
    await expect(fromFile(await file('a: [1'))).rejects.toThrow(/neither JSON nor YAML/);
    await expect(fromFile(await file('- 1'))).rejects.toThrow(/must be one object/);
    await expect(fromFile(join(folder, 'nowhere'))).rejects.toThrow(/cannot be read/);
  });
});
