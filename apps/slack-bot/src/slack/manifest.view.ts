import { SHORTCUTS } from '../commands/shortcuts.js';
import { VERBS } from '../commands/verbs.js';
import type { Yaml } from './yaml.view.js';

export interface ManifestSettings {
  command: string;
  /** Where Slack's requests shall arrive: https://…/slack/events. */
  requestUrl: string;
  socketMode: boolean;
}

/** What the bot may do, and the method or event that needs it (docs.slack.dev/reference/scopes). */
const BOT_SCOPES = [
  'channels:history', // message events in the triage channel; finding a post again
  'channels:join', // into a public triage channel by itself
  'channels:read', // names of channels
  'chat:write',
  'chat:write.public', // alerts into a public channel that it is not in
  'commands',
  'groups:history', // the same for private channels
  'groups:read',
  'im:history', // finding a direct message again
  'im:write', // telling somebody what concerns them
  'users:read',
  'users:read.email', // people are matched to agents by e-mail
];

const nothing: Record<string, string> = {};

const BOT_EVENTS = ['app_home_opened', 'message.channels', 'message.groups'];

/** The app manifest (docs.slack.dev/reference/app-manifest), from the tables of verbs and shortcuts. */
export function appManifest({ command, requestUrl, socketMode }: ManifestSettings): Yaml {
  const url: Record<string, string> = socketMode ? {} : { request_url: requestUrl };
  const names = VERBS.map(({ name }) => name);
  return {
    display_information: {
      name: 'Deskwire',
      description: 'Customers write e-mail, your team answers from Slack.',
      background_color: '#1f3a5f',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'Deskwire', always_online: true },
      shortcuts: SHORTCUTS.map(({ name, type, callbackId, description }) => ({
        name,
        type,
        callback_id: callbackId,
        description,
      })),
      slash_commands: [
        {
          command,
          ...(socketMode ? nothing : { url: requestUrl }),
          description: 'Open, find, answer and close tickets',
          usage_hint: `${names.slice(0, 6).join(' | ')} … help`,
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: BOT_SCOPES } },
    settings: {
      event_subscriptions: { ...url, bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true, ...url },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}
