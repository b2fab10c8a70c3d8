import { CliProblem } from '../desk/problem.js';
import { oneLine, type Column, tableOf } from './table.js';

export const FORMATS = ['table', 'wide', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

export interface OutputOptions {
  output: Format;
  query?: string | undefined;
  /** Null: where a terminal is. */
  colours: boolean | null;
}

/** Where a command writes: standard output, or a test's ears. */
export interface Screen {
  write(text: string): void;
  /** Columns of the terminal; null when it is a pipe or a file. */
  readonly width: number | null;
}

export const terminal: Screen = {
  write: (text) => void process.stdout.write(text),
  get width() {
    return process.stdout.isTTY ? process.stdout.columns : null;
  },
};

/** Prints answers of the desk in the form that was asked for. */
export class Output {
  private documents = 0;

  constructor(
    private readonly options: OutputOptions,
    readonly screen: Screen = terminal,
  ) {}

  /** On a terminal, unless it was said that there shall be some, or none. */
  get colours(): boolean {
    return this.options.colours ?? this.screen.width !== null;
  }

  get width(): number | null {
    return this.screen.width;
  }

  /** Something for people to read, who did not ask for data. */
  get forPeople(): boolean {
    return this.options.query === undefined && (this.options.output === 'table' || this.options.output === 'wide');
  }

  /** A list: as a table of its items, or the whole answer as data. */
  async list<Item>(
    answer: { items: Item[]; nextCursor?: string | null },
    columns: readonly Column<Item>[],
    nothing: string,
    nowMs = Date.now(),
  ): Promise<void> {
    if (!this.forPeople) return this.data(answer);
    if (answer.items.length === 0) return this.say(nothing);
    this.say(this.table(answer.items, columns, nowMs));
  }

  table<Item>(items: readonly Item[], columns: readonly Column<Item>[], nowMs: number): string {
    const wide = this.options.output === 'wide';
    return tableOf(items, columns, { wide, width: wide ? null : this.width, colours: this.colours, nowMs });
  }

  /** One thing: `page` for people, or the whole answer as data. */
  async one(answer: unknown, page: () => string): Promise<void> {
    if (this.forPeople) this.say(page());
    else await this.data(answer);
  }

  say(text: string): void {
    this.screen.write(`${text}\n`);
  }

  async data(answer: unknown): Promise<void> {
    const { query, output } = this.options;
    const value = query === undefined ? answer : await picked(answer, query);
    if (output === 'yaml') {
      const { stringify } = await import('yaml');
      return this.screen.write(`${this.documents++ > 0 ? '---\n' : ''}${stringify(value)}`);
    }
    if (output === 'json' || query === undefined) return this.say(JSON.stringify(value, null, 2));
    this.say(plain(value));
  }
}

async function picked(answer: unknown, query: string): Promise<unknown> {
  const { search } = await import('@jmespath-community/jmespath');
  try {
    return search(answer as never, query);
  } catch (error) {
    throw new CliProblem(`--query: ${(error as Error).message} (JMESPath: https://jmespath.site)`, 2);
  }
}

/** What a query picked, for scripts: a text as it is, a list of texts one a line, anything else as JSON. */
function plain(value: unknown): string {
  const simple = (one: unknown) => one === null || ['string', 'number', 'boolean'].includes(typeof one);
  const word = (one: unknown) => (one === null ? '' : typeof one === 'string' ? oneLine(one) : JSON.stringify(one));
  if (simple(value)) return word(value);
  if (Array.isArray(value) && value.every(simple)) return value.map(word).join('\n');
  return JSON.stringify(value, null, 2);
}
