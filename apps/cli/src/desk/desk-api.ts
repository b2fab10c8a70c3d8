import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CliProblem } from './problem.js';
import type { Connection } from './connection.js';

const TIMEOUT_MS = 30_000;
const MOST_SECONDS_TO_WAIT = 60;
const MOST_TRIES = 10;

/** application/problem+json (RFC 9457), as the desk writes it. */
const problemJson = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

export interface Call {
  query?: Query | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The desk's HTTP API, as the one who has this key. */
export class DeskApi {
  constructor(private readonly connection: Connection) {}

  get<T>(path: string, query?: Query): Promise<T> {
    return this.json('GET', path, { query });
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.json('POST', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.json('PATCH', path, { body });
  }

  put<T>(path: string, body: unknown = {}): Promise<T> {
    return this.json('PUT', path, { body });
  }

  delete<T>(path: string, query?: Query): Promise<T> {
    return this.json('DELETE', path, { query });
  }

  /** One after the other, from the query's cursor on, until there is no further page. */
  async *pages<T>(path: string, query: Query): AsyncGenerator<{ items: T[]; nextCursor: string | null }> {
    for (let { cursor } = query; ;) {
      const page = await this.get<{ items: T[]; nextCursor?: string | null }>(path, { ...query, cursor });
      yield { ...page, nextCursor: page.nextCursor ?? null };
      if (!page.nextCursor) return;
      cursor = page.nextCursor;
    }
  }

  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.fetch(method, path, call);
    try {
      return (await response.json()) as T;
    } catch {
      throw new CliProblem(`${this.connection.url} (${this.connection.from}) answers, but not as a Deskwire does`, 6);
    }
  }

  /**
   * The answer as it comes, for files. What was refused is a CliProblem, but for too many requests at once (a long
   * `--all`): those are asked again when the desk says so, since it has done nothing yet (RFC 6585 4).
   */
  async fetch(method: string, path: string, call: Call): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const response = await this.send(method, path, call);
      if (response.ok) return response;
      const text = await response.text();
      const waitSeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const mayWait = response.status === 429 && waitSeconds <= MOST_SECONDS_TO_WAIT && tries < MOST_TRIES;
      if (!mayWait) throw refusal(response.status, text);
      await sleep(Math.max(waitSeconds, 0.1) * 1_000);
    }
  }

  private async send(method: string, path: string, { query, body, headers }: Call): Promise<Response> {
    const url = new URL(`${this.connection.url}/api/v1${path}`);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, Array.isArray(value) ? value.join(',') : String(value));
    }
    const isText = body === undefined || body instanceof Uint8Array || body instanceof FormData;
    try {
      return await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.connection.apiKey}`,
          'user-agent': 'deskwire-cli',
          accept: 'application/json',
          ...(!isText && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isText ? (body as NonNullable<RequestInit['body']>) : JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new CliProblem(
        `${this.connection.url} (${this.connection.from}) does not answer: ${reasonOf(error as Error)}`,
        6,
      );
    }
  }
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return `nothing within ${TIMEOUT_MS / 1_000} seconds`;
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}

/** What the desk refused, in its own words: each field by its name. */
export function refusal(status: number, text: string): CliProblem {
  const read = problemJson.safeParse(jsonOf(text));
  if (!read.success) return new CliProblem(`The desk answered ${status} and nothing that can be understood`, 6);
  const { code, detail, errors } = read.data;
  const fields = errors
    .filter(({ message }) => !detail.includes(message))
    .map(({ pointer, message }) => `  ${[pointer.slice(1).replaceAll('/', '.'), message].filter(Boolean).join(': ')}`);
  return new CliProblem([`${detail} (${code})`, ...fields].join('\n'), exitCodeOf(status));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function exitCodeOf(status: number): CliProblem['exitCode'] {
  if (status === 401 || status === 403) return 3;
  if (status === 404) return 4;
  if (status === 409 || status === 412 || status === 422) return 5;
  if (status === 429 || status >= 500) return 6;
  return 2;
}
