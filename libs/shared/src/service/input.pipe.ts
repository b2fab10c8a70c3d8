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

interface Place {
  value: unknown;
  key: string;
  inside: Place | null;
}

/** Where it is, by the names of fields. It keeps its own stack: over NATS a value may nest deeper than functions do. */
function pathOfNul(input: unknown): string[] | null {
  const places: Place[] = [{ value: input, key: '', inside: null }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { value } = place;
    if (typeof value === 'string' && value.includes('\0')) return pathTo(place);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    for (const [key, item] of Object.entries(value)) {
      if (key.includes('\0')) return pathTo(place);
      places.push({ value: item, key, inside: place });
    }
  }
  return null;
}

function pathTo(place: Place): string[] {
  const path: string[] = [];
  for (let at: Place | null = place; at?.inside; at = at.inside) path.unshift(at.key);
  return path;
}
