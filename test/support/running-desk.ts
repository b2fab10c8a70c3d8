import pg from 'pg';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { PlaygroundClient, type MailSummary, type SlackMessage } from './playground-client.js';
import { TestStack, type TestStackOptions } from './stack.js';

export const TRIAGE = 'support-triage';
export const ALERTS = 'sla-alerts';

/** What an HTTP request may carry beside its address. */
export interface ApiRequest {
  readonly body?: unknown;
  /** Sent as it stands instead of `body`. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another key than the stack's; null for none. */
  readonly apiKey?: string | null;
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** error.filter.ts: application/problem+json. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: { pointer: string; message: string }[];
}

/** The whole running system and everybody's way in: HTTP, Slack and mailbox (the playground), SMTP, Postgres's owner. */
export class RunningDesk {
  private constructor(
    readonly stack: TestStack,
    readonly play: PlaygroundClient,
    private readonly owner: pg.Pool,
  ) {}

  static async start(options: TestStackOptions = {}): Promise<RunningDesk> {
    const stack = await TestStack.start({ readyWithinMs: 120_000, ...options });
    const { playgroundUrl, databaseUrl } = stack.stack;
    if (playgroundUrl === null) throw new Error('These tests need the playground');
    const owner = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    // Postgres is killed in some tests; an idle connection that breaks is no news.
    owner.on('error', () => undefined);
    return new RunningDesk(stack, new PlaygroundClient(playgroundUrl), owner);
  }

  async stop(): Promise<void> {
    await this.owner.end();
    await this.stack.stop();
  }

  get supportAddress(): string {
    return this.stack.stack.supportAddress;
  }

  get smtpPort(): number {
    return this.stack.stack.smtp.port;
  }

  /** Rows as the schema's owner sees them: of every organisation. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(text, values)).rows;
  }

  async count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
    const [row] = await this.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`, values);
    return row!.n;
  }

  /** A transaction of the owner's that stays open, holding what it locked, until `end`. */
  async hold(statement: string): Promise<{ end: () => Promise<void> }> {
    const client = await this.owner.connect();
    await client.query('BEGIN');
    await client.query(statement);
    return {
      end: async () => {
        await client.query('COMMIT');
        client.release();
      },
    };
  }

  /** Mail is accepted as ever, but nobody can claim it for filing until `end`: the moment between 250 and filing, held. */
  async pauseFiling(): Promise<{ end: () => Promise<void> }> {
    await this.sql('REVOKE UPDATE ON inbound_mails FROM deskwire_worker');
    return { end: async () => void (await this.sql('GRANT UPDATE ON inbound_mails TO deskwire_worker')) };
  }

  /** `/api/v1` and the path, with the administrator's key unless another is given. */
  async api<T = unknown>(method: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer<T>> {
    const { apiUrl, apiKey } = this.stack.stack;
    const key = request.apiKey === undefined ? apiKey : request.apiKey;
    const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text && JSON.parse(text)) as T };
  }

  /** The same, and an answer other than 2xx is an error. */
  async ok<T>(method: string, path: string, request: ApiRequest = {}): Promise<T> {
    const answer = await this.api<T>(method, path, request);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Tickets of a customer, newest first. */
  async ticketsOf(contactEmail: string): Promise<TicketView[]> {
    const query = new URLSearchParams({ contactEmail, limit: '100' });
    return (await this.ok<{ items: TicketView[] }>('GET', `/tickets?${query.toString()}`)).items;
  }

  async ticket(ref: string | number): Promise<TicketView> {
    return this.ok('GET', `/tickets/${ref}`);
  }

  /** The thread, oldest first. */
  async messages(ref: string | number): Promise<MessageView[]> {
    return (await this.ok<{ items: MessageView[] }>('GET', `/tickets/${ref}/messages?limit=100`)).items;
  }

  /** Waits for the first ticket of a customer. */
  async ticketFrom(contactEmail: string, withinMs?: number): Promise<TicketView> {
    const [ticket] = await this.until(`a ticket of ${contactEmail}`, () => this.ticketsOf(contactEmail), withinMs);
    return ticket!;
  }

  /** Cards of a ticket in the triage channel, as its number begins their headline. */
  async cards(number: number): Promise<SlackMessage[]> {
    return (await this.play.messages(TRIAGE)).filter(({ text }) => text.startsWith(`#${number} `));
  }

  async card(number: number, withinMs?: number): Promise<SlackMessage> {
    const [card] = await this.until(`the card of #${number}`, () => this.cards(number), withinMs);
    return card!;
  }

  /** What was told under a card, without the card. */
  async thread(card: SlackMessage): Promise<SlackMessage[]> {
    return (await this.play.thread(card.channel, card.ts)).slice(1);
  }

  /** Waits for a mail in a customer's mailbox; agents' replies unless told otherwise. */
  async mailTo(address: string, wanted: (mail: MailSummary) => boolean, withinMs?: number): Promise<MailSummary> {
    const find = async (): Promise<MailSummary | undefined> => (await this.play.mails(address)).find(wanted);
    return this.until(`a mail to ${address}`, find, withinMs);
  }

  /**
   * Asks until there is something (not undefined, null, false or an empty list). The deadline is for a machine that is
   * busy with other things; when it passes, the ends of all logs are in the error.
   */
  async until<T>(what: string, find: () => Promise<T> | T, withinMs = 20_000): Promise<NonNullable<T>> {
    try {
      return await this.play.waitFor(find, withinMs, what);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.stack.logs()}`, { cause: error });
    }
  }

  /** As `until`, for what has to become equal: Jest shows the difference if it never does. */
  async settled<T>(what: string, look: () => Promise<T>, isThere: (seen: T) => boolean, withinMs?: number): Promise<T> {
    let last: T | undefined;
    const find = async (): Promise<{ seen: T } | null> => {
      last = await look();
      return isThere(last) ? { seen: last } : null;
    };
    try {
      return (await this.until(what, find, withinMs)).seen;
    } catch (error) {
      throw new Error(`Last seen: ${JSON.stringify(last, null, 1)?.slice(0, 4_000)}\n${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

/** Everything that Slack shows of a message: its text and all text in its blocks. */
export function shownText(message: SlackMessage | { blocks: Record<string, unknown>[] }): string {
  return JSON.stringify(message.blocks ?? []).replaceAll('\\n', '\n') + ('text' in message ? `\n${message.text}` : '');
}
