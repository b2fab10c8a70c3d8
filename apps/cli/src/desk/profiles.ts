import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writePrivately } from '../stack/stack-file.js';
import { CliProblem } from './problem.js';

const profile = z.strictObject({ url: z.url(), apiKey: z.string().min(8) });
export type Profile = z.output<typeof profile>;

const profilesFile = z.strictObject({
  /** The profile that is used when none is named. */
  current: z.string().nullable().default(null),
  profiles: z.record(z.string(), profile).default({}),
});
export type Profiles = z.output<typeof profilesFile>;

export const PROFILE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** No file: no profiles. One that cannot be understood is told, not overwritten. */
export async function readProfiles(file: string): Promise<Profiles> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return profilesFile.parse({});
    throw new CliProblem(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return profilesFile.parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ')
        : 'it is not JSON';
    throw new CliProblem(`${file} is not a configuration of Deskwire’s: ${why}`, 2);
  }
}

/** Readable by its owner only: it holds keys. */
export async function writeProfiles(file: string, profiles: Profiles): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writePrivately(file, profiles);
}
