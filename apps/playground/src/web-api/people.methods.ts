import { APP, TEAM } from '../workspace/model.js';
import { botProfile, messageObject, userObject } from '../workspace/slack-objects.view.js';
import { SlackError } from '../workspace/slack-error.js';
import { page, type Call, type Method, type Slack } from './call.js';
import { workspaceFacts } from './chat.methods.js';
import type { Message } from '../workspace/model.js';

/** Who and what there is: users.*, bots.*, team.*, auth.*, and the reactions of people and bots. */
export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'api.test': (call) => {
    const error = call.text('error');
    if (error) throw new SlackError(error);
    return { args: {} };
  },

  'auth.test': () => ({
    ...workspaceFacts,
    user: 'deskwire',
    user_id: APP.botUser,
    bot_id: APP.botId,
    is_enterprise_install: false,
  }),

  'users.info': (call, slack) => ({ user: userObject(call.user(slack)) }),

  'users.list': (call, slack) => {
    const { items, next } = page([...slack.workspace.members.values()], call, 1_000, 1_000);
    return {
      members: items.map(userObject),
      cache_ts: Math.floor(call.nowMs / 1_000),
      response_metadata: { next_cursor: next },
    };
  },

  'users.lookupByEmail': (call, slack) => {
    const email = call.required('email').toLowerCase();
    const member = [...slack.workspace.members.values()].find((one) => one.email === email);
    if (!member) throw new SlackError('users_not_found');
    return { user: userObject(member) };
  },

  'bots.info': (call) => {
    if ((call.text('bot') ?? APP.botId) !== APP.botId) throw new SlackError('bot_not_found');
    return { bot: { ...botProfile, user_id: APP.botUser } };
  },

  'team.info': () => ({
    team: {
      id: TEAM.id,
      name: TEAM.name,
      url: workspaceFacts.url,
      domain: TEAM.domain,
      email_domain: 'acme.test',
      icon: { image_default: true },
    },
  }),

  'reactions.add': (call, slack) => {
    const name = emojiName(call.required('name'));
    slack.workspace.react(reactable(call, slack), APP.botUser, name);
    return {};
  },

  'reactions.remove': (call, slack) => {
    const name = emojiName(call.required('name'));
    slack.workspace.unreact(reactable(call, slack), APP.botUser, name);
    return {};
  },

  'reactions.get': (call, slack) => {
    const message = reactable(call, slack);
    return {
      type: 'message',
      channel: message.channel,
      message: messageObject(message, slack.workspace.replies(message)),
    };
  },
};

function reactable(call: Call, slack: Slack): Message {
  if (!call.has('channel') || !call.has('timestamp')) throw new SlackError('no_item_specified');
  return slack.workspace.message(call.channel(slack), call.required('timestamp'));
}

function emojiName(given: string): string {
  const name = given.replaceAll(':', '');
  if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) throw new SlackError('invalid_name');
  return name;
}
