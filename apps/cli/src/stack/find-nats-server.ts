import { execFile } from 'node:child_process';
import { access, constants, mkdir, readdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { StackProblem } from './stack-problem.js';

const run = promisify(execFile);

export interface NatsSearch {
  /** The caller's PATH. */
  readonly path: string;
  /** Where a downloaded one is kept: `$DESKWIRE_HOME/bin`. */
  readonly ownFolder: string;
  readonly say: (line: string) => void;
}

/**
 * A nats-server to run: from PATH, or the one fetched before, else by the system's package manager. Root installs
 * Debian's package; anyone else unpacks the same package into `ownFolder`; on macOS Homebrew installs it.
 */
export async function findNatsServer(search: NatsSearch): Promise<string> {
  const own = join(search.ownFolder, 'nats-server');
  const known = await firstExecutable([...candidates(search.path), own]);
  if (known) return known;
  const has = async (program: string): Promise<boolean> =>
    (await firstExecutable(search.path.split(delimiter).map((folder) => join(folder, program)))) !== null;
  let tried = 'there is no apt-get or brew to get it with';
  try {
    if (await has('apt-get')) {
      tried = 'apt-get could not get it';
      if (process.getuid?.() === 0) await installWithApt(search);
      else await unpackWithApt(search, own);
    } else if (await has('brew')) {
      tried = 'brew could not get it';
      search.say('Installing nats-server with Homebrew …');
      await run('brew', ['install', 'nats-server']);
    }
  } catch (error) {
    tried += ` (${lastLine(error)})`;
  }
  const found = await firstExecutable([...candidates(search.path), own]);
  if (found) return found;
  throw new StackProblem(
    `Deskwire needs nats-server, and ${tried}. Install it (Debian: apt-get install nats-server; macOS: brew install ` +
      'nats-server; others: https://docs.nats.io/running-a-nats-service/introduction/installation) so that it is on PATH, ' +
      'or set NATS_URL to a NATS server with JetStream.',
  );
}

/** Debian keeps it in /usr/sbin, which is not on everybody's PATH. */
function candidates(path: string): string[] {
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, 'nats-server'));
}

async function installWithApt({ say }: NatsSearch): Promise<void> {
  say('Installing nats-server (apt-get) …');
  const options = { env: { PATH: SYSTEM_PATH, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 };
  const install = async (): Promise<unknown> =>
    run('apt-get', ['install', '-y', '--no-install-recommends', 'nats-server'], options);
  try {
    await install();
  } catch {
    await run('apt-get', ['update'], options); // a new machine has no package lists yet
    await install();
  }
}

/** Without root: apt's own download, with package lists of our own where the system has none, then dpkg-deb -x. */
async function unpackWithApt({ ownFolder, say }: NatsSearch, own: string): Promise<void> {
  say('Downloading nats-server (apt-get) …');
  const work = join(ownFolder, 'nats-server.download');
  await rm(work, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(work, folder), { recursive: true });
  const options = { cwd: work, env: { PATH: SYSTEM_PATH }, timeout: 300_000 };
  const privately = [
    `-oDir::State::lists=${join(work, 'lists')}`,
    `-oDir::Cache=${join(work, 'cache')}`,
    '-oAPT::Sandbox::User=',
  ];
  try {
    try {
      await run('apt-get', ['download', 'nats-server'], options);
    } catch {
      await run('apt-get', [...privately, 'update'], options);
      await run('apt-get', [...privately, 'download', 'nats-server'], options);
    }
    const archive = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (!archive) throw new Error('apt-get download left no package');
    await run('dpkg-deb', ['-x', join(work, archive), join(work, 'unpacked')], options);
    await run('mv', [join(work, 'unpacked/usr/sbin/nats-server'), own], options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

async function firstExecutable(paths: string[]): Promise<string | null> {
  for (const path of paths) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not this one.
    }
  }
  return null;
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error && String(error.stderr).trim() !== '' ? error.stderr : error;
  return String(text).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
