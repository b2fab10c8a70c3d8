import { checkMessageBlocks } from '#slack/check-message.js';
import { isObject, objects, withIds } from '../workspace/block-ids.js';
import { newId, secret } from '../workspace/ids.js';
import { APP, TEAM, type Json, type Message } from '../workspace/model.js';
import { SlackError } from '../workspace/slack-error.js';
import type { Workspace } from '../workspace/workspace.js';

interface ResponseUrl {
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string;
  /** What `replace_original` and `delete_original` are about: the message whose button was pressed. */
  readonly source?: Message;
  readonly issuedMs: number;
  uses: number;
}

const LIFETIME_MS = 30 * 60_000;
const MAX_USES = 5;

/** response_urls: five uses within thirty minutes, for the person and the place of one act. */
export class ResponseUrls {
  private readonly urls = new Map<string, ResponseUrl>();

  constructor(private readonly workspace: Workspace) {}

  /** Path of a new URL; `kind` is `commands` or `actions`, as in Slack's. */
  issue(kind: 'commands' | 'actions', about: Omit<ResponseUrl, 'uses' | 'issuedMs'>, nowMs: number): string {
    const path = `/${kind}/${TEAM.id}/${newId('1').slice(1)}/${secret(12)}`;
    this.urls.set(path, { ...about, issuedMs: nowMs, uses: 0 });
    if (this.urls.size > 5_000) this.urls.delete(this.urls.keys().next().value ?? '');
    return path;
  }

  /** What the bot sent to the URL. Throws a SlackError with the HTTP status that Slack answers. */
  respond(path: string, payload: unknown, nowMs: number): void {
    const url = this.urls.get(path);
    if (!url) throw new SlackError('invalid_url', {}, 404);
    if (nowMs - url.issuedMs > LIFETIME_MS) throw new SlackError('expired_url', {}, 404);
    if (url.uses >= MAX_USES) throw new SlackError('used_url', {}, 404);
    if (!isObject(payload)) throw new SlackError('invalid_payload', {}, 400);
    this.deliver(url, payload);
    url.uses += 1;
  }

  /** Also for what a command's own answer carries. */
  deliver(url: Pick<ResponseUrl, 'channel' | 'user' | 'threadTs' | 'source'>, payload: Json): void {
    const { source } = url;
    if (payload['delete_original'] === true) {
      if (source) this.workspace.remove(source);
      return;
    }
    const content = contentOf(payload);
    if (payload['replace_original'] === true && source) {
      this.workspace.change(source, APP.botUser, content);
      return;
    }
    const asked = payload['thread_ts'];
    const threadTs = typeof asked === 'string' ? asked : url.threadTs;
    const draft = {
      channel: url.channel,
      user: APP.botUser,
      botId: APP.botId,
      ...content,
      ...(threadTs ? { threadTs } : {}),
    };
    if (payload['response_type'] === 'in_channel') this.workspace.post(draft);
    else this.workspace.postEphemeral(draft, url.user);
  }
}

function contentOf(payload: Json): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const blocks = payload['blocks'] ?? [];
  const text = typeof payload['text'] === 'string' ? payload['text'] : '';
  if (checkMessageBlocks(blocks).length > 0) throw new SlackError('invalid_blocks', {}, 400);
  const attachments = objects(payload['attachments']);
  if (text === '' && objects(blocks).length === 0 && attachments.length === 0) throw new SlackError('no_text', {}, 400);
  return { text, blocks: withIds(objects(blocks)), attachments };
}
