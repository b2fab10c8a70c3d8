import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StackProblem } from './stack-problem.js';

const run = promisify(execFile);

/** Whom a server runs as when we are root and it refuses to be (Postgres does). */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** What to spawn, and as whom. */
export interface SpawnAs {
  readonly command: string;
  readonly args: readonly string[];
  readonly account?: ServerAccount;
}

/** The account for Postgres: null when we are not root (ours will do), else `postgres`, made if it is missing. */
export async function serverAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await accountNamed('postgres');
  if (existing) return existing;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch {
    // No useradd (a slim image) or a read-only /etc: every system has `nobody`, and the files are its owner's only.
  }
  const account = (await accountNamed('postgres')) ?? (await accountNamed('nobody'));
  if (!account) {
    throw new StackProblem(
      'Postgres does not run as root, and there is no user "postgres" or "nobody" to run it as. ' +
        'Start Deskwire as another user, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return account;
}

async function accountNamed(name: string): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/**
 * How to run a command as `account` with files under `paths`. Root often works below a folder that nobody else may
 * enter (`/root`, `mktemp -d`). Rather than move the data elsewhere, the process then gets one capability: to read and
 * search past folder permissions. `no_setuid_fixup` is needed because Postgres asks access(2), which otherwise drops it.
 */
export function runAs(account: ServerAccount | null, command: string, args: string[], paths: string[]): SpawnAs {
  if (!account) return { command, args };
  const blocked = [command, ...paths].map((path) => closedFolderAbove(path, account)).find((folder) => folder !== null);
  if (!blocked) return { command, args, account };
  const capability = capabilityToPass();
  if (!capability) {
    throw new StackProblem(
      `Postgres runs as another user than root, and that user may not enter ${blocked}. ` +
        `Allow it (chmod o+x ${blocked}), put the project elsewhere, or start Deskwire as a user other than root.`,
    );
  }
  return {
    command: 'setpriv',
    args: [
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      '--clear-groups',
      ...['--inh-caps', '--ambient-caps', '--bounding-set'].map((set) => `${set}=-all,+${capability}`),
      '--securebits=+no_setuid_fixup',
      command,
      ...args,
    ],
  };
}

/** The first folder above `path` that the account may not enter, or null. Pure over the given look-up. */
export function closedFolderAbove(
  path: string,
  account: ServerAccount,
  look: (folder: string) => { uid: number; gid: number; mode: number } | undefined = (folder) =>
    statSync(folder, { throwIfNoEntry: false }),
): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const seen = look(folder);
    if (seen) {
      const bit = seen.uid === account.uid ? 0o100 : seen.gid === account.gid ? 0o010 : 0o001;
      if ((seen.mode & bit) === 0) return folder;
    }
    if (folder === dirname(folder)) return null;
  }
}

const CAP_SETPCAP = 8n;
const PASSABLE = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n }, // what a container of Docker's default profile has instead
];

/** The least capability that opens folders and that this system lets us hand on; null where there is none (macOS). */
function capabilityToPass(): string | null {
  let bounding: bigint;
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  } catch {
    return null;
  }
  const has = (bit: bigint): boolean => ((bounding >> bit) & 1n) === 1n;
  if (!has(CAP_SETPCAP)) return null;
  return PASSABLE.find(({ bit }) => has(bit))?.name ?? null;
}
