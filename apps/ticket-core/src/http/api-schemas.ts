import type { StandardSchemaConverter } from '@nestjs/swagger';
import { z } from 'zod';

type Json = Record<string, unknown>;

/**
 * A zod schema as OpenAPI 3.0 has it, for people to read: a format in place of its pattern, and without the limits of
 * JavaScript's numbers. Schemas with an `id` become components. What cannot be said in JSON Schema is anything.
 */
export const apiSchemaOf: StandardSchemaConverter = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _,
    definitions,
    ...root
  } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: schemaType,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => readable(jsonSchema as Json),
  }) as Json & { definitions?: Record<string, Json> };
  const { $ref } = root;
  return { schema: typeof $ref === 'string' ? { $ref } : root, components: definitions ?? {} };
};

function readable(schema: Json): void {
  // Nothing is nullable without a type (OpenAPI 3.0.3, 4.7.24.1); components are objects.
  if (schema['nullable'] === true && schema['allOf'] !== undefined) schema['type'] = 'object';
  if (schema['format'] !== undefined) delete schema['pattern'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['minimum'] === 0 && schema['exclusiveMinimum'] === true && schema['type'] === 'integer') {
    schema['minimum'] = 1;
    delete schema['exclusiveMinimum'];
  }
}
