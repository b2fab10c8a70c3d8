import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { ApiDocument, Schema } from './documentation.js';

/** Looks at answers with the document's own schemas. */
export class ResponseSchemas {
  private readonly ajv = new Ajv({ strict: true, allErrors: true, strictTypes: false });
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor(document: ApiDocument) {
    // What it does for ESM is a namespace for TypeScript and a function for Node.
    (formats as unknown as (ajv: Ajv) => void)(this.ajv);
    this.ajv.addVocabulary(['example', 'components']);
    this.ajv.addSchema({ $id: 'api', components: jsonSchemaOf(document.components) as object });
  }

  /** What is wrong with it; empty when nothing is. */
  problemsOf(schema: Schema, answer: unknown): string[] {
    let validate = this.compiled.get(schema);
    if (!validate) this.compiled.set(schema, (validate = this.ajv.compile(jsonSchemaOf(schema) as object)));
    if (validate(answer)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type null, and its references are within one document. */
function jsonSchemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchemaOf);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, $ref, ...rest } = schema as Schema;
  if ($ref !== undefined) return { $ref: `api${$ref}` };
  const converted = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, jsonSchemaOf(value)]));
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}
