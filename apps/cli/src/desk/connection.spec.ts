import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CliConfig } from './config.js';
import { findConnection } from './connection.js';
import { readProfiles, writeProfiles } from './profiles.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskwire-cli-'))));
afterEach(() => rm(folder, { recursive: true }));

const config = (overrides: Partial<CliConfig> = {}): CliConfig => ({
  url: null,
  apiKey: null,
  profile: null,
  profilesFile: join(folder, 'config.json'),
  stackHome: folder,
  colours: null,
  ...overrides,
});
const WORK = { url: 'https://desk.example', apiKey: 'dw_work_1234' };
const HOME = { url: 'http://127.0.0.1:3000', apiKey: 'dw_home_1234' };

describe('which desk', () => {
  it('is told how to say it when nobody did', async () => {
    await expect(findConnection(config(), {})).rejects.toMatchObject({ exitCode: 2, message: /deskwire config set/ });
  });

  it('goes from what is nearest to what is furthest', async () => {
    await writeProfiles(config().profilesFile, { current: 'work', profiles: { work: WORK, home: HOME } });
    const url = async (environment: Partial<CliConfig>, asked = {}) =>
      (await findConnection(config(environment), asked)).url;
    expect(await url({})).toBe(WORK.url);
    expect(await url({ profile: 'home' })).toBe(HOME.url);
    expect(await url({ url: 'https://env.example', apiKey: 'dw_env_1234', profile: 'home' })).toBe(
      'https://env.example',
    );
    expect(await url({ url: 'https://env.example', apiKey: 'dw_env_1234' }, { profile: 'home' })).toBe(HOME.url);
    expect(await url({}, { url: 'https://flag.example/' })).toBe('https://flag.example');
    const key = async (environment: Partial<CliConfig>, asked = {}) =>
      (await findConnection(config(environment), asked)).apiKey;
    expect(await key({ apiKey: 'dw_env_1234' })).toBe('dw_env_1234');
    expect(await key({ apiKey: 'dw_env_1234', profile: 'home' })).toBe('dw_env_1234');
    expect(await key({ apiKey: 'dw_env_1234' }, { profile: 'home' })).toBe(HOME.apiKey);
  });

  it('takes an address as people paste it, and says which one is none', async () => {
    const asking = (url: string) => findConnection(config(), { url, apiKey: 'dw_flag_1234' });
    expect((await asking('https://desk.example/help/api/v1/')).url).toBe('https://desk.example/help');
    for (const url of ['desk.example', '127.0.0.1:3000', 'ftp://desk.example'])
      await expect(asking(url)).rejects.toMatchObject({ exitCode: 2, message: /^--url: / });
  });

  it('names the profile that is not there, and a key that is missing', async () => {
    await expect(findConnection(config({ profile: 'x' }), {})).rejects.toMatchObject({ message: /no profile “x”/ });
    await expect(findConnection(config({ url: 'https://env.example' }), {})).rejects.toMatchObject({ exitCode: 3 });
  });

  it('keeps keys where only their owner reads them, and does not overwrite what it cannot read', async () => {
    const file = join(folder, 'deep', 'config.json');
    await writeProfiles(file, { current: null, profiles: { work: WORK } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readProfiles(file)).toEqual({ current: null, profiles: { work: WORK } });
    await writeFile(file, '{"profiles":{"work":{"url":"nonsense","apiKey":"dw_work_1234"}}}');
    await expect(readProfiles(file)).rejects.toThrow(/profiles.work.url/);
    await writeFile(file, '{');
    await expect(readProfiles(file)).rejects.toThrow(/not JSON/);
  });
});
