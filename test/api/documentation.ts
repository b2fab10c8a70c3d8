import type { TestCore } from '../support/core.js';

export interface Schema {
  $ref?: string;
  example?: unknown;
  [key: string]: unknown;
}

interface Content {
  schema?: Schema;
  example?: unknown;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  example?: unknown;
  style?: string;
  schema?: Schema;
}

export interface Operation {
  method: string;
  /** Such as `/tickets/{ticket}`, below /api/v1. */
  path: string;
  id: string;
  summary: string | undefined;
  tags: string[];
  parameters: Parameter[];
  pathNames: string[];
  queries: Parameter[];
  /** Absent: it takes no body. */
  body: { contentType: string; example: unknown; required: boolean } | undefined;
  success: { status: number; description: string; contents: { type: string; schema: Schema | undefined }[] };
}

export interface ApiDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}
interface RawOperation {
  operationId: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Content> };
  responses: Record<string, { description?: string; content?: Record<string, Content> }>;
}

/** Every operation of the API as its own documentation tells of it (/api/docs-json, OpenAPI 3). */
export async function documentedOperations(
  core: TestCore,
): Promise<{ operations: Operation[]; document: ApiDocument }> {
  const document = (await core.http('/api/docs-json')).body as unknown as ApiDocument;
  return { operations: operationsOf(document), document };
}

export function operationsOf(document: ApiDocument): Operation[] {
  const resolved = (schema: Schema | undefined): Schema =>
    schema?.$ref ? (document.components?.schemas?.[schema.$ref.split('/').at(-1)!] ?? {}) : (schema ?? {});
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]): Operation => {
      const parameters = raw.parameters ?? [];
      const [contentType, content] = Object.entries(raw.requestBody?.content ?? {})[0] ?? [];
      const [status, answer] = Object.entries(raw.responses).find(([code]) => code.startsWith('2'))!;
      return {
        method: method.toUpperCase(),
        path: path.replace('/api/v1', ''),
        id: raw.operationId,
        summary: raw.summary,
        tags: raw.tags ?? [],
        parameters,
        pathNames: parameters.filter((one) => one.in === 'path').map(({ name }) => name),
        queries: parameters.filter((one) => one.in === 'query'),
        body: contentType
          ? {
              contentType,
              example: content?.example ?? resolved(content?.schema).example,
              required: raw.requestBody?.required ?? false,
            }
          : undefined,
        success: {
          status: Number(status),
          description: answer.description ?? '',
          contents: Object.entries(answer.content ?? {}).map(([type, { schema }]) => ({ type, schema })),
        },
      };
    }),
  );
}

export const filledPath = (path: string, known: ReadonlyMap<string, string>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(known.get(name)!));
