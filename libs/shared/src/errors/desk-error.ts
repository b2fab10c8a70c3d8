import { ERROR_CODES, isErrorCode, type ErrorCode } from './error-codes.js';

/** One thing that is wrong with the input; `pointer` is a JSON pointer (RFC 6901) to the field. */
export interface Problem {
  pointer: string;
  message: string;
}

/** The shape in which an error crosses NATS. */
export interface WireError {
  code: ErrorCode;
  message: string;
  problems?: Problem[];
}

/** An error that a reader may see: its message never holds anything internal. */
export class DeskError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string = ERROR_CODES[code].title,
    readonly problems: Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DeskError';
  }

  /** What is wrong with one field of the input: `pointer` `/fields/teamId` is told as `fields.teamId: …`. */
  static at(code: ErrorCode, pointer: string, message: string, options?: ErrorOptions): DeskError {
    return new DeskError(code, `${pointer.slice(1).replaceAll('/', '.')}: ${message}`, [{ pointer, message }], options);
  }

  get retry(): boolean {
    return ERROR_CODES[this.code].retry;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, ...(this.problems.length > 0 && { problems: this.problems }) };
  }

  static fromWire(wire: unknown): DeskError {
    const { code, message, problems } = (wire ?? {}) as Partial<WireError>;
    return isErrorCode(code) ? new DeskError(code, message, problems ?? []) : new DeskError('INTERNAL');
  }

  /** Any thrown thing as an error that may be shown; what is not ours becomes INTERNAL with the cause kept for the log. */
  static from(thrown: unknown): DeskError {
    return thrown instanceof DeskError ? thrown : new DeskError('INTERNAL', undefined, [], { cause: thrown });
  }
}

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

const segment = (part: PropertyKey | { key: PropertyKey }): string =>
  String(typeof part === 'object' ? part.key : part)
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');

/** RFC 6901. */
export const pointerOf = (path: readonly (PropertyKey | { key: PropertyKey })[]): string =>
  path.map((part) => `/${segment(part)}`).join('');

/** What a schema found wrong (Standard Schema issues), as one BAD_REQUEST that names each field. */
export function badRequestFrom(issues: readonly Issue[]): DeskError {
  const problems = issues.slice(0, 20).map((issue) => ({
    pointer: pointerOf(issue.path ?? []),
    message: issue.message,
  }));
  const text = problems.map(({ pointer, message }) =>
    pointer ? `${pointer.slice(1).replaceAll('/', '.')}: ${message}` : message,
  );
  return new DeskError('BAD_REQUEST', text.join('; '), problems);
}
