import { SLACK_LIMITS as MAX } from './limits.js';
import {
  boolean,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  string,
  typed,
  type Fields,
  type Rule,
} from './rules.js';

// rich_text: what Slack's own composer produces, and what table cells hold.

const style = optional(
  object({
    bold: optional(boolean),
    italic: optional(boolean),
    strike: optional(boolean),
    code: optional(boolean),
    underline: optional(boolean),
    highlight: optional(boolean),
    client_highlight: optional(boolean),
    unlink: optional(boolean),
  }),
);

const leaf = (type: string, fields: Fields): Rule => object({ type: oneOf(type), style, ...fields });
const longText = string(40_000, 1);

const leaves: Readonly<Record<string, Rule>> = {
  text: leaf('text', { text: longText }),
  link: leaf('link', { url: string(MAX.url), text: optional(longText), unsafe: optional(boolean) }),
  user: leaf('user', { user_id: string(MAX.id) }),
  usergroup: leaf('usergroup', { usergroup_id: string(MAX.id) }),
  team: leaf('team', { team_id: string(MAX.id) }),
  channel: leaf('channel', { channel_id: string(MAX.id) }),
  emoji: leaf('emoji', {
    name: string(MAX.id),
    unicode: optional(string(MAX.id)),
    url: optional(string(MAX.url)),
    skin_tone: optional(integer(1, 6)),
  }),
  date: leaf('date', {
    timestamp: number,
    format: string(MAX.id),
    url: optional(string(MAX.url)),
    fallback: optional(string(MAX.sectionText)),
  }),
  broadcast: leaf('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  color: leaf('color', { value: string(MAX.id) }),
};

const inline = list(
  typed('a rich text element', () => leaves),
  1_000,
  0,
  'elements',
);
const border = optional(oneOf(0, 1));
const section = object({ type: oneOf('rich_text_section'), elements: inline });

const parts: Readonly<Record<string, Rule>> = {
  rich_text_section: section,
  rich_text_quote: object({ type: oneOf('rich_text_quote'), elements: inline, border }),
  rich_text_preformatted: object({
    type: oneOf('rich_text_preformatted'),
    elements: inline,
    border,
    language: optional(string(MAX.id)),
  }),
  rich_text_list: object({
    type: oneOf('rich_text_list'),
    style: oneOf('bullet', 'ordered'),
    elements: list(section, 1_000, 1, 'elements'),
    indent: optional(integer(0, 8)),
    offset: optional(integer(0, 1_000_000)),
    border,
  }),
};

export const richText: Rule = object({
  type: oneOf('rich_text'),
  block_id: optional(string(MAX.id)),
  elements: list(
    typed('a rich text part', () => parts),
    1_000,
    0,
    'elements',
  ),
});
