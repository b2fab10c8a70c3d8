import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { badRequestFrom, DeskError, pointerOf } from '../errors/desk-error.js';

/** Whatever comes in, by HTTP or NATS, is parsed by its handler's schema; what is wrong is BAD_REQUEST with the fields. */
export class InputPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: badRequestFrom });
  }

  override transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.schema) refuseNul(value);
    return super.transform(value, metadata);
  }
}

/**
 * BAD_REQUEST for a text with the character NUL. Postgres keeps none, so it would be left out after the schema has looked:
 * a name of nothing else would pass as a name and be kept as an empty one.
 */
export function refuseNul(value: unknown): void {
  const path = pathOfNul(value);
  if (path === null) return;
  const message = 'must not hold the character NUL (U+0000)';
  throw path.length === 0
    ? new DeskError('BAD_REQUEST', `The input ${message}`)
    : DeskError.at('BAD_REQUEST', pointerOf(path), message);
}

function pathOfNul(value: unknown): string[] | null {
  if (typeof value === 'string') return value.includes('\0') ? [] : null;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
  for (const [key, item] of Object.entries(value)) {
    if (key.includes('\0')) return [];
    const path = pathOfNul(item);
    if (path) return [key, ...path];
  }
  return null;
}
