import type { TicketView } from '#shared/contracts/tickets.js';
import { LIST_PAGE, RUN } from '../slack/action-ids.js';
import { actions, type Block, button, context, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, oneLine } from '../slack/mrkdwn.js';
import { clockLine, mostUrgent, PRIORITY_EMOJI, requesterOf, STATUS_EMOJI, STATUS_WORDS } from './ticket-words.view.js';

export const LIST_PAGE_SIZE = 10;

export interface TicketList {
  /** In words of the person who asked; other people's text. */
  title: string;
  tickets: readonly TicketView[];
  /** Number of this page, from 1. */
  page: number;
  nextCursor: string | null;
  /** What was typed, to ask for the next page. */
  filters: string;
  /** For those who may look only at their own: no assignee, no clocks. */
  forRequester: boolean;
}

/** The value of a paging button. */
export interface PageAsked {
  filters: string;
  cursor: string | null;
  page: number;
}

export function listCard(list: TicketList): SlackMessage {
  const title = `Tickets: ${escapeTo(list.title, 300)}`;
  if (list.tickets.length === 0) {
    return { text: `${title}: none`, blocks: [section(`*${title}*\nNone${list.page > 1 ? ' on this page' : ''}.`)] };
  }
  const paging = pagingOf(list);
  return {
    text: `${title} (${list.tickets.length})`,
    blocks: [
      section(`*${title}*`),
      ...list.tickets.map((ticket) =>
        section(ticketLine(ticket, list.forRequester), button('View', `${RUN}view`, ticket.id)),
      ),
      ...(paging.length > 0 ? [actions(...paging)] : []),
      context(`Page ${list.page}${list.nextCursor === null ? ', the last one' : ''}`),
    ],
  };
}

/** Two lines about a ticket; cut so that ten of them stay within what one message may hold. */
export function ticketLine(ticket: TicketView, forRequester = false): string {
  const first = `${STATUS_EMOJI[ticket.status]} *#${ticket.number}* ${oneLine(ticket.subject, 250)}`;
  if (forRequester) return `${first}\n${STATUS_WORDS[ticket.status]}`;
  const clock = mostUrgent(ticket.sla);
  const details = [
    `${PRIORITY_EMOJI[ticket.priority]} ${ticket.priority}`,
    STATUS_WORDS[ticket.status],
    ticket.assignee ? oneLine(ticket.assignee.name, 60) : 'nobody yet',
    requesterOf(ticket, 120),
    ...(clock ? [clockLine(clock)] : []),
  ];
  return `${first}\n${details.join('  ·  ')}`;
}

function pagingOf({ filters, nextCursor, page }: TicketList): Block[] {
  const value = (asked: PageAsked): string => JSON.stringify(asked);
  return [
    ...(page > 1 ? [button('First page', `${LIST_PAGE}:first`, value({ filters, cursor: null, page: 1 }))] : []),
    ...(nextCursor === null
      ? []
      : [button('Next page', `${LIST_PAGE}:next`, value({ filters, cursor: nextCursor, page: page + 1 }))]),
  ];
}
