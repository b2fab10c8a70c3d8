/** A typed client of the playground's control API, for tests: what a person does in Slack and in a mailbox. */

export type Who = 'alice' | 'bea' | 'max' | 'casey' | (string & {});

export interface Outcome {
  ok: boolean;
  error?: string;
  message?: string;
  errors?: Record<string, string>;
}

export interface SlackMessage {
  ts: string;
  user: string;
  text: string;
  channel: string;
  thread_ts?: string;
  reply_count?: number;
  bot_id?: string;
  subtype?: string;
  edited?: { user: string; ts: string };
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  reactions?: { name: string; users: string[]; count: number }[];
  blocks?: Record<string, unknown>[];
  is_ephemeral?: boolean;
  from_slackbot?: boolean;
}

export interface SlackView {
  id: string;
  type: 'modal' | 'home';
  callback_id: string;
  private_metadata: string;
  hash: string;
  title: { text: string };
  blocks: Record<string, unknown>[];
  state: { values: Record<string, Record<string, Record<string, unknown>>> };
  errors: Record<string, string>;
  failure: string | null;
}

export interface MailSummary {
  id: string;
  direction: 'received' | 'sent';
  at: string;
  envelope: { from: string; to: string[] };
  subject: string;
  from: string;
  to: string[];
  cc: string[];
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  preview: string;
  attachmentCount: number;
}

export interface MailDetail extends MailSummary {
  replyTo: string | null;
  text: string | null;
  html: string | null;
  headers: { name: string; value: string }[];
  unreadable: string | null;
  attachments: { index: number; filename: string; contentType: string; size: number; inline: boolean }[];
}

export interface SendResult {
  ok: boolean;
  code: number | null;
  response: string;
  accepted: string[];
  rejected: string[];
  mail?: MailDetail;
}

export interface NewMail {
  from: string;
  to: string | string[];
  cc?: string | string[];
  subject?: string;
  text?: string;
  html?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  headers?: Record<string, string>;
  attachments?: { filename: string; contentType?: string; contentBase64: string }[];
}

export interface Delivery {
  at: string;
  what: string;
  status: number | null;
  tookMs: number;
  retryNum: number;
  problem?: string;
}

/** An element of a message or view; `value` is an option's value or label, a person's name, or text. */
export interface Use {
  actionId: string;
  blockId?: string;
  value?: unknown;
}

export class PlaygroundClient {
  private readonly api: string;

  constructor(url: string) {
    this.api = `${url.replace(/\/$/, '')}/playground/api`;
  }

  /** `command('alice', '/ticket list')`; in the triage channel unless told otherwise. */
  command(who: Who, text: string, channel?: string): Promise<Outcome> {
    return this.act(who, 'command', { text, channel });
  }

  /** Writes in a channel or, with `threadTs`, in a thread. */
  post(who: Who, channel: string, text: string, threadTs?: string): Promise<{ ts: string; channel: string }> {
    return this.act(who, 'messages', { channel, text, threadTs });
  }

  attach(
    who: Who,
    channel: string,
    files: { name: string; mimetype: string; contentBase64: string }[],
    options: { text?: string; threadTs?: string } = {},
  ): Promise<{ ts: string; channel: string }> {
    return this.act(who, 'messages', { channel, files, ...options });
  }

  edit(who: Who, channel: string, ts: string, text: string): Promise<Outcome> {
    return this.act(who, 'messages/edit', { channel, ts, text });
  }

  delete(who: Who, channel: string, ts: string): Promise<Outcome> {
    return this.act(who, 'messages/delete', { channel, ts });
  }

  react(who: Who, channel: string, ts: string, name: string, remove = false): Promise<Outcome> {
    return this.act(who, 'messages/react', { channel, ts, name, remove });
  }

  /** Presses a button, or chooses `value` in a menu, of a message (an ephemeral one too). */
  press(
    who: Who,
    message: Pick<SlackMessage, 'channel' | 'ts'>,
    actionId: string,
    value?: unknown,
    blockId?: string,
  ): Promise<Outcome> {
    return this.act(who, 'press', { channel: message.channel, ts: message.ts, actionId, value, blockId });
  }

  /** The same in the modal on top or in the App Home. */
  pressInView(who: Who, use: Use, view: 'modal' | 'home' = 'modal', typed: Use[] = []): Promise<Outcome> {
    return this.act(who, 'view/press', { view, typed, ...use });
  }

  /** What an external menu offers for `query`. */
  async suggest(who: Who, where: Use & { channel?: string; ts?: string; view?: 'modal' | 'home' }, query: string) {
    const { options } = await this.act<{ options: { text: { text: string }; value: string }[] }>(who, 'suggest', {
      ...where,
      query,
    });
    return options;
  }

  /** The modal on top, or null. */
  async openView(who: Who): Promise<SlackView | null> {
    return (await this.get<{ view: SlackView | null }>(`/people/${who}/view`)).view;
  }

  /** Types into the modal on top and submits it: `{ subject: 'Hi' }` by block_id or action_id. */
  submitView(who: Who, values: Record<string, unknown> = {}): Promise<Outcome> {
    return this.act(who, 'view/submit', { values });
  }

  closeView(who: Who, all = false): Promise<Outcome> {
    return this.act(who, 'view/close', { all });
  }

  /** A global shortcut, or with a message one of that message. */
  shortcut(who: Who, callbackId: string, message?: Pick<SlackMessage, 'channel' | 'ts'>): Promise<Outcome> {
    return this.act(who, 'shortcut', { callbackId, channel: message?.channel, ts: message?.ts });
  }

  /** Opens the App Home (the bot hears of it); read it by `home`. */
  openHome(who: Who): Promise<Outcome> {
    return this.act(who, 'home/open', {});
  }

  async home(who: Who): Promise<SlackView | null> {
    return (await this.get<{ view: SlackView | null }>(`/people/${who}/home`)).view;
  }

  /** Top-level messages of a channel (name, id, or a person's id for the direct one), oldest first. */
  messages(channel: string): Promise<SlackMessage[]> {
    return this.get(`/channels/${encodeURIComponent(channel)}/messages`);
  }

  /** A parent and its replies, oldest first. */
  thread(channel: string, ts: string): Promise<SlackMessage[]> {
    return this.get(`/channels/${encodeURIComponent(channel)}/threads/${ts}`);
  }

  /** What only this person was shown, oldest first. */
  ephemerals(who: Who): Promise<SlackMessage[]> {
    return this.get(`/people/${who}/ephemerals`);
  }

  /** The last requests to the bot and how they were answered. */
  deliveries(): Promise<Delivery[]> {
    return this.get('/deliveries');
  }

  /** Sends to the help desk's SMTP server; a refusal is an answer (`ok: false`), not an error. */
  sendMail(mail: NewMail): Promise<SendResult> {
    return this.send('POST', '/mails/send', mail);
  }

  /** Sends bytes as they are. */
  sendRawMail(from: string, to: string | string[], raw: string | Buffer): Promise<SendResult> {
    return this.send('POST', '/mails/send-raw', { from, to, rawBase64: Buffer.from(raw).toString('base64') });
  }

  /** What an address received (newest first); with `sent`, what it wrote as well. */
  async mails(address: string, options: { sent?: boolean } = {}): Promise<MailSummary[]> {
    const all = await this.get<MailSummary[]>(`/mails?address=${encodeURIComponent(address)}`);
    return options.sent ? all : all.filter(({ direction }) => direction === 'received');
  }

  mail(id: string): Promise<MailDetail> {
    return this.get(`/mails/${id}`);
  }

  async rawMail(id: string): Promise<string> {
    const response = await fetch(`${this.api}/mails/${id}/raw`);
    if (!response.ok) throw new Error(`GET /mails/${id}/raw: ${response.status}`);
    return response.text();
  }

  /** Answers a mail as mail programs do: Reply-To, In-Reply-To, References, the mail quoted below. */
  replyToMail(id: string, text: string, from?: string): Promise<SendResult> {
    return this.send('POST', `/mails/${id}/reply`, { text, from });
  }

  /** Forgets messages, views and mails. */
  async reset(): Promise<void> {
    await this.send('POST', '/reset', {});
  }

  /**
   * Asks again until `find` gives something (not undefined, null, false or an empty list), and returns that.
   * Errors count as "not yet"; the last one is told when the time is over.
   */
  async waitFor<T>(
    find: () => Promise<T> | T,
    timeoutMs = 10_000,
    what = 'what the test waits for',
  ): Promise<NonNullable<T>> {
    const endMs = Date.now() + timeoutMs;
    let last: unknown = 'nothing yet';
    for (;;) {
      try {
        const found = await find();
        const empty =
          found === undefined || found === null || found === false || (Array.isArray(found) && found.length === 0);
        if (!empty) return found;
        last = found;
      } catch (error) {
        last = error;
      }
      if (Date.now() >= endMs) throw new Error(`Waited ${timeoutMs} ms for ${what}; last: ${String(last)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private act<T = Outcome>(who: Who, what: string, body: object): Promise<T> {
    return this.send('POST', `/people/${encodeURIComponent(who)}/${what}`, body);
  }

  private get<T>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const json = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
    const response = await fetch(this.api + path, { method, ...json });
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  }
}
