import type { TicketView } from '#shared/contracts/tickets.js';
import { ticketLine } from '../cards/list.cards.js';
import { mostUrgent } from '../cards/ticket-words.view.js';
import { OPEN_NEW, RUN } from '../slack/action-ids.js';
import {
  actions,
  type Block,
  button,
  context,
  divider,
  header,
  section,
  type SlackView,
} from '../slack/blocks.view.js';

export interface HomeInput {
  name: string;
  isAgent: boolean;
  mine: readonly TicketView[];
  unassigned: readonly TicketView[];
  breached: readonly TicketView[];
  command: string;
}

/** At most 100 blocks: three lists of twenty, and what stands around them. */
export const HOME_LIST = 20;

export function homeView(input: HomeInput): SlackView {
  const { isAgent, mine, unassigned, breached, command } = input;
  const blocks: Block[] = [
    actions(button('New ticket', OPEN_NEW, 'new', { style: 'primary' })),
    ...(isAgent && breached.length > 0 ? list('Late', breached, 'view') : []),
    ...list(isAgent ? 'My tickets' : 'My requests', byUrgency(mine), 'view', !isAgent),
    ...(isAgent ? list('Waiting for somebody', byUrgency(unassigned), 'take') : []),
    context(`\`${command} help\` shows all that can be typed.`),
  ];
  return { type: 'home', blocks };
}

function list(title: string, tickets: readonly TicketView[], verb: 'view' | 'take', forRequester = false): Block[] {
  const label = verb === 'take' ? 'Take' : 'View';
  return [
    header(title),
    ...(tickets.length === 0
      ? [context('Nothing here.')]
      : tickets
          .slice(0, HOME_LIST)
          .map((ticket) => section(ticketLine(ticket, forRequester), button(label, `${RUN}${verb}`, ticket.id)))),
    divider,
  ];
}

const WEIGHT = { urgent: 0, high: 1, medium: 2, low: 3 } as const;

/** What is late or due first comes first; without a clock, what matters more. */
export function byUrgency(tickets: readonly TicketView[]): TicketView[] {
  const due = (ticket: TicketView): number => {
    const clock = mostUrgent(ticket.sla);
    return clock && clock.state !== 'paused' ? Date.parse(clock.dueAt) : Number.POSITIVE_INFINITY;
  };
  return [...tickets].sort((a, b) => {
    const [dueA, dueB] = [due(a), due(b)];
    if (dueA !== dueB) return dueA < dueB ? -1 : 1;
    return WEIGHT[a.priority] - WEIGHT[b.priority] || a.number - b.number;
  });
}
