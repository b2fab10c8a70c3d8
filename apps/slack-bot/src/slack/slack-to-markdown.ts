/**
 * What a person typed in Slack (mrkdwn, docs.slack.dev/messaging/formatting-message-text) as Markdown:
 * `<https://x|label>`, `<@U1>`, `<#C1|name>`, `*bold*`, `~struck~` and the three escapes.
 * `names` are the display names of mentioned people by their id.
 */
export function slackToMarkdown(text: string, names: ReadonlyMap<string, string> = new Map()): string {
  // Code stays as it was typed: only its escapes are undone.
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? unescapeText(part) : unescapeText(formatting(references(part, names)))))
    .join('')
    .trim();
}

/** The same as one line of plain text: a subject, a category. */
export const slackToPlain = (text: string, names: ReadonlyMap<string, string> = new Map()): string =>
  unescapeText(references(text, names, false)).trim();

export const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The ids of the people a text mentions. */
export const mentionedPeople = (text: string): string[] => [
  ...new Set([...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id]) => id!)),
];

const references = (text: string, names: ReadonlyMap<string, string>, linked = true): string =>
  text.replaceAll(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) => {
    if (target.startsWith('@')) return `@${names.get(target.slice(1)) ?? label ?? target.slice(1)}`;
    if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
    if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
    if (target.startsWith('mailto:')) return label ?? target.slice('mailto:'.length);
    if (label === undefined || label === target) return target;
    return linked ? `[${label}](${target})` : label;
  });

const formatting = (text: string): string =>
  text
    .replaceAll(/(^|[\s(])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s).,:;!?])/gm, '$1**$2**')
    .replaceAll(/(^|[\s(])~(\S(?:[^~\n]*\S)?)~(?=$|[\s).,:;!?])/gm, '$1~~$2~~');
