import { type WriteStream, createWriteStream, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Pino's levels from which a line is worth the console. */
const WARN = 40;
const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Keeps the log of the previous run as `<name>.log.1` and returns the path of this run's. */
export function freshLogFile(home: string, name: string): string {
  const path = join(home, 'logs', `${name}.log`);
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return path;
}

/** The last line of a server's log file: why it ended, mostly. Empty when there is none. */
export function lastLineOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2_000).trim().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}

/** The log of one service: every line goes to its file, warnings and worse (or all) also to the console, in short. */
export class ServiceLog {
  readonly #file: WriteStream;
  #last = '';

  constructor(
    home: string,
    private readonly name: string,
    private readonly show: (line: string) => void,
    private readonly verbose: boolean,
  ) {
    this.#file = createWriteStream(freshLogFile(home, name), { flags: 'a', mode: 0o600 });
    // A full disk must not end the stack over a log line.
    this.#file.on('error', (error) => show(`${name}: its log cannot be written (${error.message})`));
  }

  readonly line = (line: string): void => {
    this.#file.write(`${line}\n`);
    const { level, text } = readLine(line);
    if (level === null ? text.trim() !== '' : level >= WARN) this.#last = text;
    if (this.verbose || (level !== null && level >= WARN)) {
      this.show(`${this.name}: ${level === null ? '' : `${LEVEL_NAMES[level] ?? level} `}${text}`);
    }
  };

  /** The last line that could say why it ended. */
  get lastWords(): string {
    return this.#last;
  }

  close(): void {
    this.#file.end();
  }
}

/** A line of pino's JSON in short: its level, message and error. Anything else is text without a level. */
export function readLine(line: string): { level: number | null; text: string } {
  let entry: unknown;
  try {
    entry = line.startsWith('{') ? JSON.parse(line) : null;
  } catch {
    entry = null;
  }
  if (typeof entry !== 'object' || entry === null || !('level' in entry) || typeof entry.level !== 'number') {
    return { level: null, text: line };
  }
  const message = 'msg' in entry && typeof entry.msg === 'string' ? entry.msg : '';
  const reason =
    'err' in entry && typeof entry.err === 'object' && entry.err !== null && 'message' in entry.err
      ? String(entry.err.message)
      : '';
  return { level: entry.level, text: [message, reason === message ? '' : reason].filter(Boolean).join(': ') };
}
