import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StackProblem, failedWith, sentenceOf } from './stack-problem.js';

/** A new cluster with its first write-ahead log takes some 60 MB, JetStream and logs little; less would fail half-way. */
const FIRST_START_MIB = 200;
const LATER_START_MIB = 50;

/** Makes DESKWIRE_HOME and its folders. A StackProblem when it cannot be written to or the disk is as good as full. */
export async function prepareHome(home: string): Promise<void> {
  const isFirstStart = !existsSync(join(home, 'secrets.json'));
  try {
    // Others may pass (Postgres may be another user) but not look; each secret file is its owner's only.
    await makeFolder(home, 0o711);
    for (const folder of ['logs', 'blobs', 'compile-cache']) await makeFolder(join(home, folder), 0o700);
    const probe = join(home, `.probe-${process.pid}`);
    await writeFile(probe, 'deskwire', { flush: true });
    await rm(probe);
  } catch (error) {
    throw new StackProblem(`DESKWIRE_HOME ${home} cannot be used: ${whyNot(error)}.`, { cause: error });
  }
  const { bavail, bsize } = await statfs(home);
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  const neededMiB = isFirstStart ? FIRST_START_MIB : LATER_START_MIB;
  if (freeMiB < neededMiB) {
    throw new StackProblem(
      `The disk of DESKWIRE_HOME (${home}) has ${freeMiB} MiB left, and Deskwire needs ${neededMiB} MiB to start. ` +
        'Make room, or set DESKWIRE_HOME to a folder on another disk.',
    );
  }
}

/** As `mkdir -p`. Not Node's own: that never returns where the system will have no new folder at all (`/proc/x`). */
async function makeFolder(path: string, mode: number): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) await makeFolder(parent, mode);
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (!(failedWith(error, 'EEXIST') && (await isFolder(path)))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (seen) => seen.isDirectory(),
    () => false,
  );
}

function whyNot(error: unknown): string {
  if (failedWith(error, 'ENOSPC', 'EDQUOT')) return 'the disk is full';
  if (failedWith(error, 'EACCES', 'EPERM', 'ENOENT')) return 'you may not write there';
  if (failedWith(error, 'EROFS')) return 'it is on a read-only disk';
  if (failedWith(error, 'ENOTDIR', 'EEXIST')) return 'there is a file where a folder should be';
  return sentenceOf(error);
}
