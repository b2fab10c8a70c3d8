import {
  APP,
  TEAM,
  VERIFICATION_TOKEN,
  type Channel,
  type Json,
  type Member,
  type Message,
} from '../workspace/model.js';
import { messageObject } from '../workspace/slack-objects.view.js';

// The common parts of what Slack sends when a person does something. Pure.

export function channelName(channel: Channel): string {
  return channel.imWith ? 'directmessage' : channel.name;
}

export const about = (person: Member): Json => ({
  user: { id: person.id, username: person.name, name: person.name, team_id: TEAM.id },
  api_app_id: APP.id,
  token: VERIFICATION_TOKEN,
  team: { id: TEAM.id, domain: TEAM.domain },
  enterprise: null,
  is_enterprise_install: false,
});

export const inChannel = (channel: Channel): Json => ({ channel: { id: channel.id, name: channelName(channel) } });

/** Where a button in a message stands. An ephemeral message is not sent along: Slack does not keep it. */
export function messageContainer(message: Message, replies: readonly Message[]): Json {
  const container = {
    type: 'message',
    message_ts: message.ts,
    channel_id: message.channel,
    is_ephemeral: message.ephemeralFor !== undefined,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
  };
  return message.ephemeralFor ? { container } : { container, message: messageObject(message, replies, true) };
}

export function commandFields(
  person: Member,
  channel: Channel,
  command: { name: string; text: string; responseUrl: string; triggerId: string },
): Record<string, string> {
  return {
    token: VERIFICATION_TOKEN,
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: person.id,
    user_name: person.name,
    command: command.name,
    text: command.text,
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: command.responseUrl,
    trigger_id: command.triggerId,
  };
}
