import { SLACKBOT, type Json, type Member, type Message } from '../workspace/model.js';
import { messageObject } from '../workspace/slack-objects.view.js';
import type { OpenView, Views } from '../workspace/views.js';
import type { Workspace } from '../workspace/workspace.js';

// What the control API and the page show: Slack's own objects, and beside them what only a client knows.

const SHOWN_PER_CHANNEL = 200;

export function messageView(message: Message, workspace: Workspace, forUser?: string): Json {
  const chosen = forUser ? message.chosen.get(forUser) : undefined;
  return {
    ...messageObject(message, workspace.replies(message), true),
    channel: message.channel,
    ...(message.ephemeralFor ? { is_ephemeral: true, ephemeral_for: message.ephemeralFor } : {}),
    ...(message.user === SLACKBOT ? { from_slackbot: true } : {}),
    ...(chosen ? { chosen } : {}),
  };
}

export function viewView(view: OpenView, views: Views): Json {
  return { ...views.output(view), errors: view.errors, failure: view.failure ?? null };
}

/** Everything that one person has before their eyes. */
export function seenBy(person: Member, workspace: Workspace, views: Views): Json {
  const mine = [...workspace.channels.values()].filter(({ members }) => members.has(person.id));
  const channels = mine.map((channel) => {
    const all = [...channel.messages.values()];
    const ephemerals = workspace.ephemerals.filter(
      (one) => one.channel === channel.id && one.ephemeralFor === person.id,
    );
    const shown = [...all.slice(-SHOWN_PER_CHANNEL), ...ephemerals.slice(-50)];
    const parents = new Set(shown.flatMap(({ threadTs }) => (threadTs ? [threadTs] : [])));
    const missing = all.slice(0, -SHOWN_PER_CHANNEL).filter(({ ts }) => parents.has(ts));
    const sorted = [...missing, ...shown].sort((a, b) => Number(a.ts) - Number(b.ts));
    return {
      id: channel.id,
      name: channel.imWith ? 'Deskwire' : channel.name,
      direct: channel.imWith !== undefined,
      purpose: channel.purpose,
      members: channel.members.size,
      messages: sorted.map((one) => messageView(one, workspace, person.id)),
    };
  });
  const home = views.home(person.id);
  return {
    me: person.id,
    channels,
    views: views.stackOf(person.id).map((view) => viewView(view, views)),
    home: home ? viewView(home, views) : null,
  };
}
