import { isObject } from '../workspace/block-ids.js';
import type { Json } from '../workspace/model.js';
import { signedHeaders } from './sign.js';

/** How the bot answered within Slack's three seconds, or that it did not. */
export type Answer =
  | { readonly ok: true; readonly text: string; readonly json: Json | undefined }
  | { readonly ok: false; readonly error: 'dispatch_failed' | 'operation_timeout'; readonly detail: string };

export interface Delivery {
  readonly at: string;
  readonly what: string;
  readonly status: number | null;
  readonly tookMs: number;
  readonly retryNum: number;
  readonly problem?: string;
}

export interface BotLineOptions {
  readonly url: string;
  readonly signingSecret: string;
  /** Slack's is 3,000. */
  readonly answerWithinMs?: number;
}

export interface Raw {
  readonly status: number | null;
  readonly text: string;
  readonly noRetry: boolean;
  readonly timedOut: boolean;
  readonly problem?: string;
}

/** The one way to the bot: signed requests to its events URL. Remembers the last deliveries. */
export class BotLine {
  readonly deliveries: Delivery[] = [];
  private inFlight = 0;

  constructor(private readonly options: BotLineOptions) {}

  get busy(): boolean {
    return this.inFlight > 0;
  }

  /** A slash command: form fields at the top level. */
  async command(fields: Readonly<Record<string, string>>): Promise<Answer> {
    const body = new URLSearchParams(fields).toString();
    return answerOf(await this.send(`command ${fields['command'] ?? ''} ${fields['text'] ?? ''}`.trim(), body, FORM));
  }

  /** An interaction: one form field, `payload`, with JSON. */
  async interaction(payload: Json): Promise<Answer> {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    return answerOf(await this.send(`interaction ${String(payload['type'])}`, body, FORM));
  }

  /** One attempt to deliver an event. */
  async event(envelope: Json, what: string, retryNum: number, retryReason: string | undefined): Promise<Raw> {
    const retry: Record<string, string> = retryReason
      ? { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason }
      : {};
    return this.send(
      `event ${what}`,
      JSON.stringify(envelope),
      { 'content-type': 'application/json', ...retry },
      retryNum,
    );
  }

  private async send(what: string, body: string, headers: Record<string, string>, retryNum = 0): Promise<Raw> {
    const startMs = Date.now();
    this.inFlight += 1;
    const raw = await this.attempt(body, { ...headers, ...signedHeaders(body, this.options.signingSecret, startMs) });
    this.inFlight -= 1;
    const { status, problem } = raw;
    const tookMs = Date.now() - startMs;
    this.deliveries.push({
      at: new Date(startMs).toISOString(),
      what,
      status,
      tookMs,
      retryNum,
      ...(problem ? { problem } : {}),
    });
    if (this.deliveries.length > 300) this.deliveries.shift();
    return raw;
  }

  private async attempt(body: string, headers: Record<string, string>): Promise<Raw> {
    const signal = AbortSignal.timeout(this.options.answerWithinMs ?? 3_000);
    try {
      const response = await fetch(this.options.url, { method: 'POST', body, headers, signal, redirect: 'manual' });
      const text = await response.text();
      const noRetry = response.headers.get('x-slack-no-retry') === '1';
      const problem = response.status === 200 ? {} : { problem: `the app answered ${response.status}` };
      return { status: response.status, text, noRetry, timedOut: false, ...problem };
    } catch (error) {
      const timedOut = signal.aborted;
      const problem = timedOut ? 'no answer within 3 seconds' : `the app cannot be reached: ${causeOf(error)}`;
      return { status: null, text: '', noRetry: false, timedOut, problem };
    }
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function answerOf(raw: Raw): Answer {
  if (raw.timedOut) return { ok: false, error: 'operation_timeout', detail: raw.problem ?? '' };
  if (raw.status !== 200) return { ok: false, error: 'dispatch_failed', detail: raw.problem ?? '' };
  return { ok: true, text: raw.text, json: jsonOf(raw.text) };
}

function jsonOf(text: string): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : error.message;
}
