import { codePoints } from '#slack/limits.js';

/**
 * Text of other people inside mrkdwn. `&`, `<` and `>` are escaped, so that nothing of theirs can become a link, a
 * mention or a ping (docs.slack.dev/messaging/formatting-message-text, "Escaping text").
 */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The same, cut to at most `max` code points after escaping, ending in "…"; an escape is never cut in half. */
export function escapeTo(text: string, max: number): string {
  const whole = escapeText(text);
  if (whole.length <= max || codePoints(whole) <= max) return whole;
  let kept = '';
  let length = 0;
  for (const character of text) {
    const escaped = escapeText(character);
    const more = codePoints(escaped);
    if (length + more > max - 1) break;
    kept += escaped;
    length += more;
  }
  return `${kept}…`;
}

/** One line: breaks and runs of white space become a space, characters that would end bold or code are replaced. */
export const oneLine = (text: string, max: number): string =>
  escapeTo(text.replaceAll(/\s+/g, ' ').trim().replaceAll('*', '∗').replaceAll('`', 'ˋ'), max);

/** A quotation of at most `max` code points and `maxLines` lines. */
export function quote(text: string, max: number, maxLines = 12): string {
  const lines = text.replaceAll('\r\n', '\n').trim().split('\n');
  const kept = lines.slice(0, maxLines).map((line) => line.trimEnd());
  // Two characters a line for the "> ".
  const escaped = escapeTo(kept.join('\n'), Math.max(1, max - kept.length * 2 - 2));
  const more = lines.length > maxLines ? '\n> …' : '';
  return `${escaped
    .split('\n')
    // "```" inside a quote would open a block that swallows what follows.
    .map((line) => `> ${line.replaceAll('```', 'ˋˋˋ')}`)
    .join('\n')}${more}`;
}

/** A moment in the reader's own time zone and words; the fallback is UTC. */
export function slackDate(instant: string | number): string {
  const at = new Date(instant);
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at.getTime() / 1_000)}^{date_short_pretty} {time}|${fallback}>`;
}

/** A link whose label is somebody's text. `|` and `>` in an address would end it early. */
export const link = (url: string, label: string): string =>
  `<${escapeText(url).replaceAll('|', '%7C')}|${oneLine(label, 200).replaceAll('|', '¦')}>`;
