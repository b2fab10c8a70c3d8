import type { Json } from '../workspace/model.js';
import type { Workspace } from '../workspace/workspace.js';

// What Slack's client makes of what a person types.

/** `&`, `<` and `>` are written as entities in every text that Slack sends. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** @alice becomes <@U…>, #general <#C…|general>, and addresses of pages links. */
export function composed(text: string, workspace: Workspace): string {
  return mentions(escapeText(text), workspace, false).replaceAll(/https?:\/\/[^\s<>|]+/g, (url) => `<${url}>`);
}

/** A command's text: mentions stay as typed, unless the app's manifest says should_escape. */
export function commandText(text: string, workspace: Workspace, escapes: boolean): string {
  return escapes ? mentions(escapeText(text), workspace, true) : escapeText(text);
}

function mentions(text: string, workspace: Workspace, named: boolean): string {
  return text
    .replaceAll(/(^|\s)@([a-z0-9._-]+)/g, (whole, before: string, name: string) => {
      const member = [...workspace.members.values()].find((one) => one.name === name);
      return member ? `${before}<@${member.id}${named ? `|${member.name}` : ''}>` : whole;
    })
    .replaceAll(/(^|\s)#([a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = [...workspace.channels.values()].find((one) => one.name === name && !one.imWith);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}

/** The rich_text block that Slack's composer adds to what people write. */
export function richTextOf(text: string): Json {
  const parts = text.split(/(<@U[A-Z0-9]+>|<#C[A-Z0-9]+\|[^>]*>|<https?:[^>]+>)/).filter((part) => part !== '');
  const elements = parts.map((part): Json => {
    const user = /^<@(U[A-Z0-9]+)>$/.exec(part)?.[1];
    if (user) return { type: 'user', user_id: user };
    const channel = /^<#(C[A-Z0-9]+)\|/.exec(part)?.[1];
    if (channel) return { type: 'channel', channel_id: channel };
    const url = /^<(https?:[^>]+)>$/.exec(part)?.[1];
    if (url) return { type: 'link', url: unescaped(url) };
    return { type: 'text', text: unescaped(part) };
  });
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
