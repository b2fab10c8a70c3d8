import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHome } from './home-folder.js';
import { RunningFile } from './running-file.js';
import { commandLineOf } from './running-process.js';
import { readOrMakeSecrets } from './secrets.js';
import { type StackFile, readStackFile, writeStackFile } from './stack-file.js';

let home: string;
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'deskwire-home-'))));
afterEach(async () => rm(home, { recursive: true, force: true }));

const modeOf = async (name: string): Promise<number> => (await stat(join(home, name))).mode & 0o777;

const stack: StackFile = {
  apiUrl: 'http://127.0.0.1:3000',
  apiKey: 'dw_x',
  smtp: { host: '127.0.0.1', port: 2525 },
  slackUrl: 'http://127.0.0.1:3001',
  slackEventsUrl: 'http://127.0.0.1:3001/slack/events',
  playgroundUrl: null,
  supportAddress: 'support@acme.test',
  databaseUrl: 'postgres://a',
  databaseAppUrl: 'postgres://b',
  databaseWorkerUrl: 'postgres://c',
  natsUrl: 'nats://d',
  mailHttpUrl: 'http://127.0.0.1:3003',
  slaHttpUrl: 'http://127.0.0.1:3004',
  pids: { stack: 4711 },
  healthUrls: {},
};

describe('secrets.json', () => {
  it('is made once, for its owner only, and read again as it was', async () => {
    const made = await readOrMakeSecrets(home);
    expect(await modeOf('secrets.json')).toBe(0o600);
    expect(made.apiKey).toMatch(/^dw_[\w-]{32}$/);
    expect(made.slackBotToken).toMatch(/^xoxb-/);
    expect(new Set(Object.values(made.natsPasswords)).size).toBe(6);
    await chmod(join(home, 'secrets.json'), 0o644);
    expect(await readOrMakeSecrets(home)).toEqual(made);
    expect(await modeOf('secrets.json')).toBe(0o600);
  });

  it('gives a user of the bus that came later a password, and leaves the others', async () => {
    const { natsPasswords, ...rest } = await readOrMakeSecrets(home);
    const { cli: _cli, ...older } = natsPasswords;
    await writeFile(join(home, 'secrets.json'), JSON.stringify({ ...rest, natsPasswords: older }));
    const now = await readOrMakeSecrets(home);
    expect(now.natsPasswords).toMatchObject(older);
    expect(now.natsPasswords['cli']).toMatch(/\S/);
  });

  it('is never replaced when it is damaged', async () => {
    await writeFile(join(home, 'secrets.json'), '{"apiKey":');
    await expect(readOrMakeSecrets(home)).rejects.toThrow('is damaged');
    expect(await readFile(join(home, 'secrets.json'), 'utf8')).toBe('{"apiKey":');
  });
});

describe('stack.json', () => {
  it('is written whole, for its owner only, and nothing else stays', async () => {
    await writeStackFile(home, stack);
    await writeStackFile(home, { ...stack, pids: { stack: 4712 } });
    expect(await modeOf('stack.json')).toBe(0o600);
    expect(await readdir(home)).toEqual(['stack.json']);
    expect((await readStackFile(home))?.pids).toEqual({ stack: 4712 });
  });

  it('is as good as absent when it cannot be understood', async () => {
    await writeFile(join(home, 'stack.json'), '{"apiUrl":1}');
    expect(await readStackFile(home)).toBeNull();
  });
});

describe('running.json', () => {
  const own = { pid: process.pid, mark: commandLineOf(process.pid)?.slice(0, 20) ?? '' };

  it('keeps a second stack out while the first lives', async () => {
    await RunningFile.take(home, own, () => {});
    await expect(RunningFile.take(home, { pid: 999_999, mark: 'x' }, () => {})).rejects.toThrow('already running');
  });

  it('is taken over when its process is gone, or is another program by now', async () => {
    const other = { stack: { pid: process.pid, mark: 'apps/cli/src/of-somebody-else.js' } };
    await writeFile(join(home, 'running.json'), JSON.stringify(other));
    const taken = await RunningFile.take(home, { pid: 999_999, mark: 'x' }, () => {});
    expect(taken.pids).toEqual({ stack: 999_999 });
  });
});

describe('DESKWIRE_HOME', () => {
  it('is refused with a sentence where no folder can be made', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(prepareHome(join(home, 'file', 'x'))).rejects.toThrow('a file where a folder should be');
    await expect(prepareHome('/proc/deskwire')).rejects.toThrow('DESKWIRE_HOME /proc/deskwire cannot be used');
  });

  it('keeps logs and blobs from others', async () => {
    await prepareHome(join(home, 'new'));
    expect(await modeOf('new/logs')).toBe(0o700);
    expect(await modeOf('new/blobs')).toBe(0o700);
  });
});
