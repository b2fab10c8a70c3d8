import { setTimeout as sleep } from 'node:timers/promises';
import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import type { Logger } from 'pino';
import { SlackProblem } from './slack-problem.js';

export interface SlackWebSettings {
  apiUrl: string;
  token: string;
  /** How long one call may take, in ms. */
  timeoutMs?: number;
}

export interface SlackCallOptions {
  /** How long, in ms, a call may wait in all for Slack's `Retry-After` (429) before it gives up. */
  patienceMs?: number;
}

const PATIENCE_MS = 60_000;

/**
 * Slack's Web API. `429` is waited for as Slack says (`Retry-After`); nothing else is tried again here, because a post
 * whose answer got lost may be there: whoever posts must look first (see posts/post-once.ts).
 * Every failure is a SlackProblem.
 */
export class SlackWeb {
  private readonly client: WebClient;

  constructor(
    settings: SlackWebSettings,
    private readonly log: Logger,
  ) {
    this.client = new WebClient(settings.token, {
      slackApiUrl: settings.apiUrl,
      timeout: settings.timeoutMs ?? 8_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logger: quiet,
    });
  }

  async call(method: string, args: Record<string, unknown> = {}, options: SlackCallOptions = {}): Promise<unknown> {
    const until = Date.now() + (options.patienceMs ?? PATIENCE_MS);
    for (;;) {
      try {
        return await this.client.apiCall(method, args);
      } catch (error) {
        if (!(error instanceof WebAPIRateLimitedError)) throw asProblem(method, error);
        const waitMs = error.retryAfter * 1_000;
        if (Date.now() + waitMs > until) throw new SlackProblem(method, 'ratelimited', true, { cause: error });
        this.log.info({ method, waitMs }, 'Slack asks us to slow down');
        await sleep(waitMs);
      }
    }
  }
}

function asProblem(method: string, error: unknown): SlackProblem {
  const cause = { cause: error };
  if (error instanceof WebAPIPlatformError) {
    const details = error.data.response_metadata?.messages?.join('; ') ?? '';
    return new SlackProblem(method, error.data.error.slice(0, 200), true, cause, details);
  }
  if (error instanceof WebAPIHTTPError) {
    return new SlackProblem(method, `http_${error.statusCode}`, error.statusCode < 500, cause);
  }
  if (error instanceof WebAPIRequestError) {
    const code = codeOf(error.original);
    return new SlackProblem(method, 'unreachable', ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code), cause);
  }
  return new SlackProblem(method, 'unknown', false, cause);
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause !== undefined && cause !== error ? codeOf(cause) : '';
}

/** The SDK's own log would repeat bodies; what matters is logged by whoever called. */
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
