import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const CALL = /\b(statement|composed)\(\s*(?:'([^']+)')?/g;

export interface NamedStatement {
  /** Undefined: the call does not say it in so many words. */
  name: string | undefined;
  /** From the root. */
  file: string;
  /** Its text is put together as it is asked for, and part of its name. */
  isComposed: boolean;
}

/** Every statement of ticket-core, as its sources name it. */
export const namedStatements = (): NamedStatement[] =>
  globSync('apps/ticket-core/src/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.spec.ts') && !file.endsWith('database/statement.ts'))
    .toSorted()
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(CALL)].map(([, call, name]) => ({
        name,
        file,
        isComposed: call === 'composed',
      })),
    );
