import type { NotificationView } from '#shared/contracts/notifications.js';
import { PRIORITY_EMOJI, PRIORITY_WORDS, STATUS_EMOJI, STATUS_WORDS } from '../cards/ticket-words.view.js';
import { RUN } from '../slack/action-ids.js';
import { actions, button, context, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, link, oneLine, quote } from '../slack/mrkdwn.js';

/** What an agent is told in a direct message. `cardUrl`: where the ticket's card is in Slack, when that is known. */
export function notificationCard(notification: NotificationView, cardUrl: string | null): SlackMessage {
  const { ticket, message } = notification;
  const who = oneLine(notification.actor.name || 'Somebody', 200);
  const label = `#${ticket.number} ${ticket.subject}`;
  const what = wordsOf(notification, `*${who}*`, cardUrl === null ? `*${oneLine(label, 300)}*` : link(cardUrl, label));
  const facts = [
    `${STATUS_EMOJI[ticket.status]} ${STATUS_WORDS[ticket.status]}`,
    `${PRIORITY_EMOJI[ticket.priority]} ${PRIORITY_WORDS[ticket.priority]}`,
    ...(message?.isInternalNote ? [':lock: internal note'] : []),
  ];
  const excerpt = message?.excerpt.trim() ?? '';
  return {
    text: `${wordsOf(notification, who, escapeTo(label.replaceAll(/\s+/g, ' '), 600))}${excerpt === '' ? '' : `: ${escapeTo(excerpt, 500)}`}`,
    blocks: [
      section(what),
      ...(excerpt === '' ? [] : [section(quote(excerpt, 1_000, 6))]),
      context(facts.join('  ·  ')),
      actions(button('Reply', `${RUN}reply`, ticket.id), button('Note', `${RUN}note`, ticket.id)),
    ],
  };
}

function wordsOf({ kind, message }: NotificationView, who: string, ticket: string): string {
  switch (kind) {
    case 'mentioned':
      return `:wave: ${who} mentioned you ${message?.isInternalNote === false ? 'in a reply on' : 'on'} ${ticket}`;
    case 'assigned':
      return `:inbox_tray: ${who} gave you ${ticket}`;
    case 'watched':
      return `:email: ${who} wrote on ${ticket}`;
  }
}
