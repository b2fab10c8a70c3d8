import { APP, type Json, type Message } from '../workspace/model.js';
import { channelObject, messageObject } from '../workspace/slack-objects.view.js';
import { SlackError } from '../workspace/slack-error.js';
import { page, type Call, type Method, type Slack } from './call.js';

export const CONVERSATIONS: Readonly<Record<string, Method>> = {
  'conversations.list': (call, slack) => {
    const types = (call.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
    const wrong = types.some((type) => !['public_channel', 'private_channel', 'mpim', 'im'].includes(type));
    if (wrong) throw new SlackError('invalid_types');
    const all = [...slack.workspace.channels.values()];
    const wanted = all.filter(({ imWith }) => types.includes(imWith ? 'im' : 'public_channel'));
    const { items, next } = page(wanted, call, 100, 1_000);
    return { channels: items.map(channelObject), response_metadata: { next_cursor: next } };
  },

  'conversations.info': (call, slack) => ({ channel: channelObject(call.channel(slack)) }),

  'conversations.members': (call, slack) => {
    const { items, next } = page([...call.channel(slack).members], call, 100, 1_000);
    return { members: items, response_metadata: { next_cursor: next } };
  },

  'conversations.join': (call, slack) => {
    const channel = call.channel(slack);
    if (channel.imWith) throw new SlackError('method_not_supported_for_channel_type');
    const already = channel.members.has(APP.botUser);
    channel.members.add(APP.botUser);
    if (!already) slack.workspace.happenings.next({ kind: 'joined', channel, user: APP.botUser });
    const warning = already
      ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      : {};
    return { channel: channelObject(channel), ...warning };
  },

  'conversations.leave': (call, slack) => {
    const channel = call.channel(slack);
    if (channel.imWith) throw new SlackError('method_not_supported_for_channel_type');
    return channel.members.delete(APP.botUser) ? {} : { not_in_channel: true };
  },

  'conversations.open': (call, slack) => {
    const users = (call.text('users') ?? '').split(',').filter(Boolean);
    if (users.length === 0 && call.has('channel')) return { channel: channelObject(call.channel(slack)) };
    if (users.length !== 1) throw new SlackError(users.length === 0 ? 'users_list_not_supplied' : 'not_enough_users');
    const direct = [...slack.workspace.channels.values()].find(({ imWith }) => imWith === users[0]);
    if (!direct) throw new SlackError(slack.workspace.members.has(users[0] ?? '') ? 'cannot_dm_bot' : 'user_not_found');
    return { channel: call.flag('return_im') ? channelObject(direct) : { id: direct.id } };
  },

  'conversations.history': (call, slack) => {
    const channel = call.channel(slack);
    if (!channel.members.has(APP.botUser)) throw new SlackError('not_in_channel');
    const top = [...channel.messages.values()].filter((one) => isTopLevel(one)).toReversed();
    const { items, next } = page(between(top, call), call, 100, 999);
    return { messages: listed(items, call, slack), has_more: next !== '', pin_count: 0, ...cursor(next) };
  },

  'conversations.replies': (call, slack) => {
    const channel = call.channel(slack);
    if (!channel.members.has(APP.botUser)) throw new SlackError('not_in_channel');
    const parent = channel.messages.get(call.required('ts'));
    if (!parent) throw new SlackError('thread_not_found');
    const replies = between(slack.workspace.replies(parent), call);
    const { items, next } = page([parent, ...replies], call, 1_000, 1_000);
    return { messages: listed(items, call, slack), has_more: next !== '', ...cursor(next) };
  },
};

function isTopLevel(message: Message): boolean {
  return message.threadTs === undefined || message.threadTs === message.ts || message.broadcast;
}

function between(messages: readonly Message[], call: Call): Message[] {
  const [oldest, latest] = [call.text('oldest') ?? '0', call.text('latest') ?? '99999999999.000000'];
  if (!/^\d+(\.\d+)?$/.test(oldest)) throw new SlackError('invalid_ts_oldest');
  if (!/^\d+(\.\d+)?$/.test(latest)) throw new SlackError('invalid_ts_latest');
  const inclusive = call.flag('inclusive');
  return messages.filter(({ ts }) => {
    const [low, high] = [Number(ts) - Number(oldest), Number(latest) - Number(ts)];
    return inclusive ? low >= 0 && high >= 0 : low > 0 && high > 0;
  });
}

function listed(messages: readonly Message[], call: Call, slack: Slack): Json[] {
  const metadata = call.flag('include_all_metadata');
  return messages.map((message) => messageObject(message, slack.workspace.replies(message), metadata));
}

const cursor = (next: string): Json => (next === '' ? {} : { response_metadata: { next_cursor: next } });
