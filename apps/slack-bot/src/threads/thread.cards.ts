import type { MessageView } from '#shared/contracts/messages.js';
import { PRIORITIES, STATUSES } from '#shared/contracts/values.js';
import { PRIORITY_WORDS, STATUS_EMOJI, STATUS_WORDS, TARGET_WORDS } from '../cards/ticket-words.view.js';
import { context, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, oneLine, quote, slackDate } from '../slack/mrkdwn.js';

export interface Change {
  field: string;
  from?: unknown;
  to?: unknown;
}

/** A message of a ticket, as it is told under the card. */
export function messageLine(message: MessageView): SlackMessage {
  const who = `*${oneLine(message.author.name || (message.author.kind === 'contact' ? 'The customer' : 'Deskwire'), 200)}*`;
  const text = headOf(message, who);
  const files = message.attachments.filter(({ inline }) => !inline).map(({ name }) => oneLine(name, 120));
  return {
    text: `${text} ${escapeTo(message.content.replaceAll(/\s+/g, ' ').trim(), 500)}`,
    blocks: [
      section(text),
      ...(message.content.trim() === '' ? [] : [section(contentOf(message))]),
      ...(files.length > 0 ? [context(`:paperclip: ${files.slice(0, 10).join(', ')}`)] : []),
    ],
  };
}

/** What colleagues wrote is Markdown: their bold shows as bold. A customer's text is shown as it came. */
function contentOf({ author, content }: MessageView): string {
  const quoted = quote(content, 2_900, 60);
  if (author.kind !== 'agent') return quoted;
  return quoted.replaceAll(/\*\*(\S(?:[^*\n]*\S)?)\*\*/g, '*$1*').replaceAll(/~~(\S(?:[^~\n]*\S)?)~~/g, '~$1~');
}

function headOf({ author, isInternalNote, delivery }: MessageView, who: string): string {
  if (isInternalNote) return `:lock: ${who} noted, internally:`;
  if (author.kind === 'contact') return `:email: ${who} wrote:`;
  const to = delivery?.to.length ? ` to ${escapeTo(delivery.to.slice(0, 10).join(', '), 600)}` : '';
  return `:incoming_envelope: ${who} replied${to}:`;
}

/** What somebody changed, in one line; null when there is nothing to tell. */
export function changesLine(actorName: string, changes: readonly Change[]): SlackMessage | null {
  const lines = changes.map((change) => changeWords(change, actorName)).filter((line) => line !== null);
  if (lines.length === 0) return null;
  const text = `*${oneLine(actorName || 'Deskwire', 200)}* ${lines.slice(0, 8).join('; ')}`;
  return { text: escapeOnce(text), blocks: [context(text)] };
}

/** Notification texts stay within what Slack advises. */
const escapeOnce = (text: string): string =>
  text.length > 3_900 ? `${text.slice(0, 3_900).replace(/[&<][^;>]*$/, '')}…` : text;

function changeWords({ field, from, to }: Change, actorName: string): string | null {
  switch (field) {
    case 'status': {
      const status = STATUSES.find((one) => one === to);
      return status ? `made it ${STATUS_EMOJI[status]} ${STATUS_WORDS[status].toLowerCase()}` : null;
    }
    case 'priority': {
      const priority = PRIORITIES.find((one) => one === to);
      return priority ? `set the priority to ${PRIORITY_WORDS[priority].toLowerCase()}` : null;
    }
    case 'assignee':
      if (to === actorName) return 'took it';
      return typeof to === 'string' ? `assigned it to *${oneLine(to, 200)}*` : 'took the assignee off';
    case 'team':
      return typeof to === 'string' ? `gave it to the team *${oneLine(to, 200)}*` : 'took it from its team';
    case 'contact':
      return typeof to === 'string'
        ? `says that it is from *${oneLine(to, 200)}*`
        : 'says that it is from nobody outside';
    case 'mergedInto':
      return to === null
        ? `took it out of ${oneLine(wordsOf(from), 20)} again`
        : `merged it into ${oneLine(wordsOf(to), 20)}: go on there`;
    case 'merged':
      return to === null
        ? `took ${oneLine(wordsOf(from), 20)} out of it again`
        : `merged ${oneLine(wordsOf(to), 20)} into it`;
    case 'split':
      return `split off ${oneLine(wordsOf(to), 20)}`;
    case 'deleted':
      return to === true ? 'deleted it' : 'restored it';
    case 'subject':
      return `changed the subject to “${oneLine(wordsOf(to), 300)}”`;
    case 'description':
      return 'edited the description';
    case 'category':
      return `moved it to ${oneLine(wordsOf(to), 100)}`;
    case 'tags':
      return to === null || to === undefined
        ? `removed the tag \`${oneLine(wordsOf(from), 60)}\``
        : `tagged it \`${oneLine(wordsOf(to), 60)}\``;
    case 'sla':
      return to === 'paused' ? 'paused the SLA clocks' : 'let the SLA clocks run on';
    default:
      return `changed ${oneLine(field, 100)}`;
  }
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

/** Deliveries that somebody should know of; that a mail simply left is no news. */
export function deliveryLine(state: string, detail: string, to: readonly string[]): SlackMessage | null {
  const whom = to.length > 0 ? ` to ${escapeTo(to.slice(0, 5).join(', '), 400)}` : '';
  const why = detail.trim() === '' ? '' : ` ${oneLine(detail, 600)}`;
  switch (state) {
    case 'bounced':
      return line(`:warning: The reply${whom} came back:${why || ' no reason was given'}`);
    case 'failed':
      return line(`:warning: The reply${whom} could not be delivered:${why || ' no reason was given'}`);
    case 'cancelled':
      return line(':leftwards_arrow_with_hook: The reply was taken back before it left: nothing was sent.');
    default:
      return null;
  }
}

export function clockEventLine(
  level: 'warning' | 'breached',
  target: keyof typeof TARGET_WORDS,
  dueAt: string,
): SlackMessage {
  return line(
    level === 'warning'
      ? `:alarm_clock: ${TARGET_WORDS[target]} is due ${slackDate(dueAt)}.`
      : `:rotating_light: ${TARGET_WORDS[target]} was due ${slackDate(dueAt)} and is late now.`,
  );
}

const line = (text: string): SlackMessage => ({ text, blocks: [context(text)] });
