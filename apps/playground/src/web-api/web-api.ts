import type { Json } from '../workspace/model.js';
import { SlackError } from '../workspace/slack-error.js';
import { Call, type Method, type Slack } from './call.js';
import { CHAT } from './chat.methods.js';
import { CONVERSATIONS } from './conversations.methods.js';
import { PEOPLE_METHODS } from './people.methods.js';
import { VIEWS } from './views.methods.js';

const METHODS: Readonly<Record<string, Method>> = { ...CHAT, ...CONVERSATIONS, ...PEOPLE_METHODS, ...VIEWS };

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** Slack's Web API: one call in, Slack's envelope out. Every error is an answer. */
export class WebApi {
  constructor(
    private readonly slack: Slack,
    private readonly botToken: string,
  ) {}

  call(method: string, given: Readonly<Json>, authorization: string | undefined, nowMs: number): Reply {
    try {
      const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
      if (!run) throw new SlackError('unknown_method', { req_method: method });
      if (method !== 'api.test') this.authenticate(given['token'], authorization);
      this.slack.limits.call(method, nowMs);
      return { status: 200, headers: {}, body: { ok: true, ...run(new Call(given, nowMs), this.slack) } };
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      return { status: error.status, headers: error.headers, body: { ok: false, error: error.code, ...error.details } };
    }
  }

  private authenticate(inBody: unknown, authorization: string | undefined): void {
    const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    const token = bearer ?? (typeof inBody === 'string' && inBody !== '' ? inBody : undefined);
    if (!token) throw new SlackError('not_authed');
    if (token !== this.botToken) throw new SlackError('invalid_auth');
  }
}
