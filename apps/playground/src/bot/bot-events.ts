import type { Subscription } from 'rxjs';
import { newId, secret } from '../workspace/ids.js';
import { APP, TEAM, VERIFICATION_TOKEN, type Json, type Message } from '../workspace/model.js';
import { messageObject } from '../workspace/slack-objects.view.js';
import type { Happening, Workspace } from '../workspace/workspace.js';
import type { BotLine, Raw } from './bot-line.js';

/** When Slack tries again: nearly at once, after a minute, after five. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000] as const;

/** Tells the bot what happened in the channels that it is in, and tries again when it does not answer 200. */
export class BotEvents {
  private readonly subscription: Subscription;
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly workspace: Workspace,
    private readonly line: BotLine,
    private readonly retryDelaysMs: readonly number[] = RETRY_DELAYS_MS,
  ) {
    this.subscription = workspace.happenings.subscribe((happening) => this.tell(happening));
  }

  stop(): void {
    this.stopped = true;
    this.subscription.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
  }

  send(event: Json): void {
    const eventTimeS = Math.floor(Number(event['event_ts'] ?? Date.now() / 1_000));
    const authorization = {
      enterprise_id: null,
      team_id: TEAM.id,
      user_id: APP.botUser,
      is_bot: true,
      is_enterprise_install: false,
    };
    const envelope = {
      token: VERIFICATION_TOKEN,
      team_id: TEAM.id,
      context_team_id: TEAM.id,
      context_enterprise_id: null,
      api_app_id: APP.id,
      event,
      type: 'event_callback',
      event_id: newId('Ev'),
      event_time: eventTimeS,
      authorizations: [authorization],
      is_ext_shared_channel: false,
      event_context: `4-${secret(12)}`,
    };
    const what = [event['type'], event['subtype']].filter(Boolean).join('.');
    void this.attempt(envelope, what, 0, undefined);
  }

  private async attempt(envelope: Json, what: string, retryNum: number, reason: string | undefined): Promise<void> {
    if (this.stopped) return;
    const raw = await this.line.event(envelope, what, retryNum, reason);
    const delayMs = this.retryDelaysMs[retryNum];
    if (raw.status === 200 || raw.noRetry || delayMs === undefined || this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.attempt(envelope, what, retryNum + 1, retryReason(raw));
    }, delayMs);
    this.timers.add(timer);
  }

  private tell(happening: Happening): void {
    if (happening.kind === 'shown') return;
    const channelId = happening.kind === 'joined' ? happening.channel.id : happening.message.channel;
    const channel = this.workspace.channels.get(channelId);
    if (!channel?.members.has(APP.botUser)) return;
    for (const event of eventsOf(
      happening,
      channel.imWith ? 'im' : 'channel',
      (one) => this.workspace.replies(one),
      channel.messages,
    ))
      this.send(event);
  }
}

function retryReason(raw: Raw): string {
  if (raw.timedOut) return 'http_timeout';
  return raw.status === null ? 'connection_failed' : 'http_error';
}

/** The events that Slack sends for something that happened. Pure. */
export function eventsOf(
  happening: Exclude<Happening, { kind: 'shown' }>,
  channelType: 'channel' | 'im',
  repliesOf: (parent: Message) => readonly Message[],
  messages: ReadonlyMap<string, Message>,
): Json[] {
  if (happening.kind === 'joined') {
    const { channel, user } = happening;
    return [
      {
        type: 'member_joined_channel',
        user,
        channel: channel.id,
        channel_type: 'C',
        team: TEAM.id,
        event_ts: `${Math.floor(Date.now() / 1_000)}.000100`,
      },
    ];
  }
  const { message } = happening;
  const place = { channel: message.channel, channel_type: channelType };
  switch (happening.kind) {
    case 'posted': {
      const root = message.threadTs === undefined ? undefined : messages.get(message.threadTs);
      const parent = root ? { parent_user_id: root.user } : {};
      const posted: Json = { ...messageObject(message, [], true), ...parent, ...place, event_ts: message.ts };
      const mentioned = channelType === 'channel' && !message.botId && message.text.includes(`<@${APP.botUser}>`);
      const { subtype: _subtype, ...mention } = posted;
      return mentioned ? [posted, { ...mention, type: 'app_mention' }] : [posted];
    }
    case 'changed': {
      const { before } = happening;
      const replies = repliesOf(message);
      const ts = message.edited?.ts ?? message.ts;
      const inner = {
        message: messageObject(message, replies, true),
        previous_message: messageObject(before, replies, true),
      };
      return [{ type: 'message', subtype: 'message_changed', ...inner, ...place, hidden: true, ts, event_ts: ts }];
    }
    case 'deleted': {
      const { tombstone: _gone, ...before } = message;
      const previous_message = messageObject(before, repliesOf(message), true);
      const { ts } = happening;
      return [
        {
          type: 'message',
          subtype: 'message_deleted',
          previous_message,
          ...place,
          hidden: true,
          deleted_ts: message.ts,
          ts,
          event_ts: ts,
        },
      ];
    }
    case 'reacted':
    case 'unreacted': {
      const type = happening.kind === 'reacted' ? 'reaction_added' : 'reaction_removed';
      const item = { type: 'message', channel: message.channel, ts: message.ts };
      const event_ts = `${Math.floor(Date.now() / 1_000)}.000200`;
      return [{ type, user: happening.user, reaction: happening.name, item, item_user: message.user, event_ts }];
    }
  }
}
