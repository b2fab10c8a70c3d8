import { APP, TEAM, type Channel, type Json, type Member, type Message, type SlackFile } from './model.js';

// What Slack calls user, channel and message objects, from what we keep. Pure.

export function userObject(member: Member): Json {
  const profile = {
    title: member.title,
    real_name: member.realName,
    real_name_normalized: member.realName,
    display_name: member.name,
    display_name_normalized: member.name,
    first_name: member.realName.split(' ')[0],
    last_name: member.realName.split(' ').slice(1).join(' '),
    status_text: '',
    status_emoji: '',
    team: TEAM.id,
    ...(member.email ? { email: member.email } : {}),
    ...(member.isBot ? { bot_id: APP.botId, api_app_id: APP.id } : {}),
  };
  return {
    id: member.id,
    team_id: TEAM.id,
    name: member.name,
    deleted: false,
    color: member.color,
    real_name: member.realName,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3_600,
    profile,
    is_admin: member.isAdmin,
    is_owner: member.isAdmin,
    is_primary_owner: false,
    is_restricted: member.isGuest,
    is_ultra_restricted: false,
    is_bot: member.isBot,
    is_app_user: false,
    updated: 1_700_000_000,
    is_email_confirmed: !member.isBot,
  };
}

export function channelObject(channel: Channel): Json {
  if (channel.imWith) {
    return {
      id: channel.id,
      created: channel.createdS,
      is_im: true,
      is_org_shared: false,
      user: channel.imWith,
      is_archived: false,
      is_user_deleted: false,
      priority: 0,
    };
  }
  const words = (value: string): Json => ({ value, creator: '', last_set: 0 });
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    created: channel.createdS,
    is_archived: false,
    is_general: channel.name === 'general',
    unlinked: 0,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    context_team_id: TEAM.id,
    creator: 'U0ALICE001',
    is_member: channel.members.has(APP.botUser),
    topic: words(''),
    purpose: words(channel.purpose),
    previous_names: [],
    num_members: channel.members.size,
  };
}

export const botProfile = {
  id: APP.botId,
  app_id: APP.id,
  name: APP.name,
  icons: {},
  deleted: false,
  updated: 1_700_000_000,
  team_id: TEAM.id,
} as const;

/** A message as history, events and payloads carry it. `replies` only for a parent: thread facts are added. */
export function messageObject(message: Message, replies: readonly Message[], withMetadata = false): Json {
  const last = replies.at(-1);
  const users = [...new Set(replies.map(({ user }) => user))];
  const thread = last
    ? {
        thread_ts: message.ts,
        reply_count: replies.length,
        reply_users_count: users.length,
        latest_reply: last.ts,
        reply_users: users.slice(0, 5),
        is_locked: false,
        subscribed: false,
      }
    : {};
  if (message.tombstone) {
    return {
      type: 'message',
      subtype: 'tombstone',
      user: 'USLACKBOT',
      text: 'This message was deleted.',
      ts: message.ts,
      hidden: true,
      ...thread,
    };
  }
  return {
    ...(message.files.length > 0
      ? { subtype: 'file_share', files: message.files.map((file) => fileObject(file, message)) }
      : {}),
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    type: 'message',
    ts: message.ts,
    ...(message.clientMsgId ? { client_msg_id: message.clientMsgId } : {}),
    ...(message.botId ? { bot_id: message.botId, app_id: APP.id, bot_profile: botProfile } : {}),
    text: message.text,
    team: TEAM.id,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...thread,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map(({ name, users: by }) => ({ name, users: by, count: by.length })) }
      : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

export function fileObject(file: SlackFile, message: Pick<Message, 'ts' | 'user'>): Json {
  const created = Math.floor(Number(message.ts));
  const url = `${file.baseUrl}/files-pri/${TEAM.id}-${file.id}`;
  const path = encodeURIComponent(file.name);
  return {
    id: file.id,
    created,
    timestamp: created,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1) ?? 'binary',
    pretty_type: file.mimetype,
    user: message.user,
    user_team: TEAM.id,
    editable: false,
    size: file.content.length,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${url}/${path}`,
    url_private_download: `${url}/download/${path}`,
    permalink: `https://${TEAM.domain}.slack.com/files/${message.user}/${file.id}/${path}`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}

export function permalink(channel: string, message: Message): string {
  const base = `https://${TEAM.domain}.slack.com/archives/${channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs && message.threadTs !== message.ts
    ? `${base}?thread_ts=${message.threadTs}&cid=${channel}`
    : base;
}
