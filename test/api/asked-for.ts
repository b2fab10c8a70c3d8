import { z } from 'zod';

type Json = Record<string, unknown>;
type Property = { type?: string };

/** The properties that a request may have, and which it must; none for one that is no object. */
export function fieldsOf(request: z.ZodType): { names: string[]; required: string[] } {
  const schema = z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>;
    required?: string[];
  };
  return { names: Object.keys(schema.properties ?? {}), required: schema.required ?? [] };
}

/** A request that names things: every field that `named` has a value for, and of the others what it needs. */
export function requestNaming(request: z.ZodType, named: Json, others: Json): Json {
  const { names, required } = fieldsOf(request);
  const input: Json = {};
  for (const name of names) {
    if (name in named) input[name] = named[name];
    else if (name in others) input[name] = others[name];
    else if (required.includes(name)) throw new Error(`A request needs ${name}: say what in test/api`);
  }
  return input;
}
