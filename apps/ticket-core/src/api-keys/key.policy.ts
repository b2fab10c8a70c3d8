import { AREAS, opens, type Scope } from '#shared/contracts/api-keys.js';
import { DeskError } from '#shared/errors/desk-error.js';

/**
 * The scopes of a key that is made by means of another: those wanted, if the maker's key has them all; else FORBIDDEN with
 * those it has not. Null is everything; a key with scopes that asks for nothing in particular gives on its own.
 */
export function withinScopes(makers: readonly string[] | null, wanted: readonly string[] | null): string[] | null {
  if (makers === null) return wanted && [...new Set(wanted)];
  if (wanted === null) return [...makers];
  const beyond = wanted.filter((scope) => !covers(makers, scope as Scope));
  if (beyond.length === 0) return [...new Set(wanted)];
  throw DeskError.at('FORBIDDEN', '/scopes', `are beyond those of the key that you use: ${beyond.join(', ')}`);
}

/**
 * When a key ends that is made by means of one that ends at `limit`: when wanted, if that is no later; else FORBIDDEN. Null is
 * never; a key that ends and asks for nothing in particular gives its own end.
 */
export function withinExpiry(limit: Date | null, wanted: Date | null): Date | null {
  if (limit === null || (wanted !== null && wanted.getTime() <= limit.getTime())) return wanted;
  if (wanted === null) return limit;
  throw DeskError.at('FORBIDDEN', '/expiresAt', `is after the end of the key that you use: ${limit.toISOString()}`);
}

function covers(makers: readonly string[], scope: Scope): boolean {
  if (scope === '*') return makers.includes('*');
  const [area, act] = scope.split(':') as [(typeof AREAS)[number], 'read' | 'write'];
  return opens(makers, area, act);
}
