import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const url = z.string().min(1);

/** What a running stack tells other programs: `$DESKWIRE_HOME/stack.json`. Readable by its owner only: it holds keys. */
export const stackFileSchema = z.object({
  apiUrl: url,
  /** An administrator's key of the seeded organisation. */
  apiKey: z.string(),
  smtp: z.object({ host: z.string(), port: z.int() }),
  slackUrl: url,
  /** Where Slack (or the playground) sends events, commands and interactions. */
  slackEventsUrl: url,
  /** Null when the playground was left out. */
  playgroundUrl: url.nullable(),
  supportAddress: z.string(),
  /** The database owner's; `databaseAppUrl` and `databaseWorkerUrl` are the service's two roles. */
  databaseUrl: url,
  databaseAppUrl: url,
  databaseWorkerUrl: url,
  /** The bus's administrator. */
  natsUrl: url,
  mailHttpUrl: url,
  slaHttpUrl: url,
  /** By process name; `stack` is the supervisor. Kept up to date when one is started again. */
  pids: z.record(z.string(), z.int()),
  /** `/health/ready` of each service that has one. */
  healthUrls: z.record(z.string(), url),
});

export type StackFile = z.infer<typeof stackFileSchema>;

/** Replaces the file as a whole: a reader sees the old or the new one, never half of it. */
export async function writeStackFile(home: string, stack: StackFile): Promise<void> {
  await writePrivately(join(home, 'stack.json'), stack);
}

/** Null when no stack has written one (or it cannot be understood). */
export async function readStackFile(home: string): Promise<StackFile | null> {
  try {
    return stackFileSchema.parse(JSON.parse(await readFile(join(home, 'stack.json'), 'utf8')));
  } catch {
    return null;
  }
}

export async function removeStackFile(home: string): Promise<void> {
  await rm(join(home, 'stack.json'), { force: true });
}

/** Writes JSON that only its owner may read, atomically. */
export async function writePrivately(path: string, content: unknown): Promise<void> {
  const unfinished = `${path}.${process.pid}.new`;
  await writeFile(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(unfinished, path);
}
