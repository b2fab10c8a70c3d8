import { type Area, opens } from '#shared/contracts/api-keys.js';
import { DeskError } from '#shared/errors/desk-error.js';

/**
 * FORBIDDEN, with the scope that is missing, for a key that does not open this area for that. `any` is open to every key;
 * what declares no area is open to keys without scopes only.
 */
export function demandScope(
  scopes: readonly string[] | null,
  area: Area | 'any' | undefined,
  act: 'read' | 'write',
): void {
  if (area === 'any' || scopes === null || scopes.includes('*')) return;
  if (area !== undefined && opens(scopes, area, act)) return;
  const needed = area === undefined ? '*' : `${area}:${act}`;
  throw new DeskError(
    'FORBIDDEN',
    `This key may not do that: it needs the scope ${needed} and has ${scopes.join(', ')}`,
  );
}
