import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { NATS_USER_NAMES } from './nats-permissions.js';
import { writePrivately } from './stack-file.js';
import { StackProblem, failedWith } from './stack-problem.js';

const secretsSchema = z.object({
  postgresPassword: z.string().min(1),
  databaseAppPassword: z.string().min(1),
  databaseWorkerPassword: z.string().min(1),
  natsPasswords: z.record(z.string(), z.string().min(1)),
  /** An administrator's, of the seeded organisation. */
  apiKey: z.string().startsWith('dw_'),
  /** Signs the Reply-To addresses of our mail. */
  replyAddressSecret: z.string().min(1),
  slackBotToken: z.string().startsWith('xoxb-'),
  slackSigningSecret: z.string().min(1),
});

export type Secrets = z.infer<typeof secretsSchema>;

/** The secrets of this home, made at its first start. `secrets.json` is readable by its owner only. */
export async function readOrMakeSecrets(home: string): Promise<Secrets> {
  const path = join(home, 'secrets.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!failedWith(error, 'ENOENT')) throw new StackProblem(`${path} cannot be read.`, { cause: error });
    const made = makeSecrets();
    await writePrivately(path, made);
    return made;
  }
  await chmod(path, 0o600);
  const read = parse(text);
  if (!read) throw new StackProblem(`${path} is damaged: put a copy of it back, or remove ${home} to begin anew.`);
  // A user of the bus that came with a newer version gets its password now.
  const missing = NATS_USER_NAMES.filter((name) => read.natsPasswords[name] === undefined);
  if (missing.length === 0) return read;
  const secrets = { ...read, natsPasswords: { ...read.natsPasswords, ...passwordsFor(missing) } };
  await writePrivately(path, secrets);
  return secrets;
}

function parse(text: string): Secrets | null {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Letters, digits, `-` and `_`: they stand in URLs and configuration files as they are. */
function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function passwordsFor(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, secret(18)]));
}

function makeSecrets(): Secrets {
  return {
    postgresPassword: secret(24),
    databaseAppPassword: secret(24),
    databaseWorkerPassword: secret(24),
    natsPasswords: passwordsFor(NATS_USER_NAMES),
    apiKey: `dw_${secret(24)}`,
    replyAddressSecret: secret(32),
    slackBotToken: `xoxb-${secret(24)}`,
    slackSigningSecret: randomBytes(16).toString('hex'),
  };
}
