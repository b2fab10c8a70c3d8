import { checkMessageBlocks } from '#slack/check-message.js';
import { codePoints, SLACK_LIMITS } from '#slack/limits.js';
import { jsonPointer } from '#slack/problem.js';
import { objects, withIds } from '../workspace/block-ids.js';
import { APP, TEAM, type Channel, type Json, type Message } from '../workspace/model.js';
import { messageObject, permalink } from '../workspace/slack-objects.view.js';
import { SlackError } from '../workspace/slack-error.js';
import type { Call, Method, Slack } from './call.js';

/** chat.*: posting takes a channel's id or name, or a person's id for the direct conversation. */
export const CHAT: Readonly<Record<string, Method>> = {
  'chat.postMessage': (call, slack) => {
    const channel = postable(call, slack);
    const content = contentOf(call, SLACK_LIMITS.messageTextHard);
    const thread = threadOf(call, channel, slack);
    slack.limits.post(channel.id, call.nowMs);
    const metadata = metadataOf(call);
    const broadcast = call.flag('reply_broadcast') && thread.threadTs !== undefined;
    const message = slack.workspace.post({ ...bot(channel), ...content, ...thread, ...metadata, broadcast });
    return { channel: channel.id, ts: message.ts, message: messageObject(message, [], true) };
  },

  'chat.postEphemeral': (call, slack) => {
    const channel = postable(call, slack);
    const user = call.required('user');
    if (!channel.members.has(user)) throw new SlackError('user_not_in_channel');
    const content = contentOf(call, SLACK_LIMITS.messageTextHard);
    const message = slack.workspace.postEphemeral(
      { ...bot(channel), ...content, ...threadOf(call, channel, slack) },
      user,
    );
    return { message_ts: message.ts };
  },

  'chat.update': (call, slack) => {
    const channel = call.channel(slack);
    const message = slack.workspace.message(channel, call.required('ts'));
    if (message.user !== APP.botUser) throw new SlackError('cant_update_message');
    const content = contentOf(call, SLACK_LIMITS.messageText);
    // Leaving blocks out while giving text removes them, as in Slack; leaving text out keeps it.
    const change = { ...content, ...(call.has('text') ? {} : { text: message.text }), ...metadataOf(call) };
    slack.workspace.change(message, APP.botUser, change);
    const { ts, ...rest } = messageObject(message, [], true);
    return { channel: channel.id, ts, text: message.text, message: { ...rest, ts } };
  },

  'chat.delete': (call, slack) => {
    const channel = call.channel(slack);
    const message = slack.workspace.message(channel, call.required('ts'));
    if (message.user !== APP.botUser) throw new SlackError('cant_delete_message');
    slack.workspace.remove(message);
    return { channel: channel.id, ts: message.ts };
  },

  'chat.getPermalink': (call, slack) => {
    const channel = call.channel(slack);
    const message = slack.workspace.message(channel, call.required('message_ts'));
    return { channel: channel.id, permalink: permalink(channel.id, message) };
  },
};

const bot = (channel: Channel) => ({ channel: channel.id, user: APP.botUser, botId: APP.botId });

function postable(call: Call, slack: Slack): Channel {
  const channel = slack.workspace.findChannel(call.required('channel', 'channel_not_found'));
  if (!channel) throw new SlackError('channel_not_found');
  if (!channel.members.has(APP.botUser)) throw new SlackError('not_in_channel');
  return channel;
}

function threadOf(call: Call, channel: Channel, slack: Slack): { threadTs?: string } {
  const threadTs = call.text('thread_ts');
  if (!threadTs) return {};
  if (!/^\d+\.\d{6}$/.test(threadTs)) throw new SlackError('invalid_thread_ts');
  const parent = slack.workspace.channelById(channel.id).messages.get(threadTs);
  if (!parent) throw new SlackError('thread_not_found');
  return { threadTs: parent.threadTs ?? parent.ts };
}

/** Text and blocks as Slack takes them, or the error that it gives. */
function contentOf(call: Call, maxText: number): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const text = call.text('text') ?? '';
  const blocks = call.json('blocks', 'invalid_blocks_format') ?? [];
  const attachments = call.json('attachments', 'invalid_attachments') ?? [];
  if (!Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  if (!Array.isArray(attachments)) throw new SlackError('invalid_attachments');
  refuseBadBlocks(blocks, '');
  objects(attachments).forEach((one, index) => refuseBadBlocks(one['blocks'] ?? [], `/attachments/${index}`));
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new SlackError('no_text');
  if (codePoints(text) > maxText) throw new SlackError('msg_too_long');
  const kept = objects(attachments).map((one, index): Json => {
    const inner = Array.isArray(one['blocks']) ? { blocks: withIds(objects(one['blocks'])) } : {};
    return { id: index + 1, ...one, ...inner };
  });
  return { text, blocks: withIds(objects(blocks)), attachments: kept };
}

function refuseBadBlocks(blocks: unknown, prefix: string): void {
  const problems = checkMessageBlocks(blocks);
  if (problems.length === 0) return;
  const errors = problems.map(({ path, message }) => `${message} [json-pointer:${prefix}${jsonPointer(path)}]`);
  const messages = errors.map((one) => `[ERROR] ${one}`);
  const tooLong = problems.every(({ message }) => message.endsWith('characters in all blocks together'));
  throw new SlackError(tooLong ? 'msg_blocks_too_long' : 'invalid_blocks', { errors, response_metadata: { messages } });
}

function metadataOf(call: Call): { metadata?: Json } {
  const metadata = call.object('metadata', 'invalid_metadata_format');
  if (!metadata) return {};
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || typeof payload !== 'object' || payload === null)
    throw new SlackError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > 16_000) throw new SlackError('metadata_too_large');
  return { metadata };
}

/** Facts that auth.test and team.info share. */
export const workspaceFacts = { team: TEAM.name, team_id: TEAM.id, url: `https://${TEAM.domain}.slack.com/` } as const;
