import type { TicketView } from '#shared/contracts/tickets.js';
import { OPENED_BY } from '#shared/words/opened-by.js';
import { ASK, MORE, RUN } from '../slack/action-ids.js';
import {
  actions,
  type Block,
  button,
  context,
  fields,
  option,
  section,
  type SlackMessage,
} from '../slack/blocks.view.js';
import { escapeTo, oneLine, quote, slackDate } from '../slack/mrkdwn.js';
import {
  clockLine,
  isDone,
  mostUrgent,
  PRIORITY_EMOJI,
  PRIORITY_WORDS,
  requesterOf,
  STATUS_EMOJI,
  STATUS_WORDS,
} from './ticket-words.view.js';

export interface CardOptions {
  /** Buttons for agents; without them it is only looked at. */
  withActions: boolean;
  /** How much of the description is shown, in code points. */
  descriptionMax?: number;
}

/** The card of a ticket, as it is now. The same for everybody; what one may press is decided when it is pressed. */
export function ticketCard(ticket: TicketView, options: CardOptions = { withActions: true }): SlackMessage {
  const subject = oneLine(ticket.subject, 1_000);
  const clock = mostUrgent(ticket.sla);
  const facts = [
    `*Status*\n${statusOf(ticket)}`,
    `*Priority*\n${PRIORITY_EMOJI[ticket.priority]} ${PRIORITY_WORDS[ticket.priority]}`,
    `*From*\n${requesterOf(ticket)}`,
    `*Assigned to*\n${ticket.assignee ? oneLine(ticket.assignee.name, 200) : '_nobody yet_'}`,
    ...(clock ? [`*SLA*\n${clockLine(clock)}`] : []),
  ];
  const description = ticket.description.trim();
  return {
    text: `#${ticket.number} ${escapeTo(ticket.subject.replaceAll(/\s+/g, ' '), 600)} (${wordOf(ticket)}, ${ticket.priority}) from ${requesterOf(ticket)}`,
    blocks: [
      section(`*#${ticket.number}  ${subject}*`),
      fields(facts),
      ...(description === '' ? [] : [section(quote(description, options.descriptionMax ?? 600))]),
      context(detailsOf(ticket)),
      ...(options.withActions ? [buttonsOf(ticket)] : []),
    ],
  };
}

/** What is left to see of a deleted ticket, until somebody restores it. */
export function deletedCard({ number, subject }: Pick<TicketView, 'number' | 'subject'>): SlackMessage {
  const title = `#${number}  ${oneLine(subject, 1_000)}`;
  return {
    text: `#${number} ${escapeTo(subject.replaceAll(/\s+/g, ' '), 600)} was deleted`,
    blocks: [section(`:wastebasket: ~${title.replaceAll('~', '∼')}~`), context('This ticket was deleted.')],
  };
}

const statusOf = ({ status, mergedInto }: TicketView): string =>
  mergedInto ? `:link: Merged into #${mergedInto.number}` : `${STATUS_EMOJI[status]} ${STATUS_WORDS[status]}`;

const wordOf = ({ status, mergedInto }: TicketView): string =>
  mergedInto ? `merged into #${mergedInto.number}` : STATUS_WORDS[status].toLowerCase();

function detailsOf(ticket: TicketView): string {
  const parts = [
    `Opened ${slackDate(ticket.createdAt)} ${OPENED_BY[ticket.source]}`,
    ...(ticket.category === 'general' ? [] : [oneLine(ticket.category, 100)]),
    ...(ticket.entity ? [oneLine(`${ticket.entity.type} ${ticket.entity.name ?? ticket.entity.id}`, 300)] : []),
    ...ticket.tags.slice(0, 10).map((tag) => `\`${oneLine(tag, 50)}\``),
    ...(ticket.resolvedAt ? [`resolved ${slackDate(ticket.resolvedAt)}`] : []),
  ];
  return parts.join('  ·  ');
}

function buttonsOf(ticket: TicketView): Block {
  const id = ticket.id;
  const more = (...verbs: readonly (readonly [string, string])[]): Block => ({
    type: 'overflow',
    action_id: MORE,
    options: verbs.map(([label, actionId]) => option(label, `${actionId} ${id}`)),
  });
  // It is only read: what there is to do is done on the other one.
  if (ticket.mergedInto) {
    const { id: survivor, number } = ticket.mergedInto;
    return actions(button(`View #${number}`, `${RUN}view`, survivor), more(['SLA clocks', `${RUN}sla`]));
  }
  if (isDone(ticket)) {
    return actions(
      button('Reopen', `${RUN}reopen`, id),
      button('Reply', `${RUN}reply`, id),
      button('Note', `${RUN}note`, id),
      more(['Status…', `${RUN}status`], ['SLA clocks', `${RUN}sla`]),
    );
  }
  return actions(
    ...(ticket.assigneeId === null ? [button('Take', `${RUN}take`, id, { style: 'primary' })] : []),
    button('Reply', `${RUN}reply`, id),
    button('Note', `${RUN}note`, id),
    more(
      ['Resolve…', `${ASK}resolve`],
      ['Status…', `${RUN}status`],
      ['Priority…', `${RUN}priority`],
      ['Assign…', `${RUN}assign`],
      ['SLA clocks', `${RUN}sla`],
    ),
  );
}

/** What a requester sees of their own ticket: nothing of the desk's inside. */
export function requesterCard(ticket: TicketView): SlackMessage {
  const title = `*#${ticket.number}  ${oneLine(ticket.subject, 1_000)}*`;
  return {
    text: `#${ticket.number} ${escapeTo(ticket.subject, 600)}`,
    blocks: [
      section(title),
      fields([
        `*Status*\n${STATUS_EMOJI[ticket.status]} ${STATUS_WORDS[ticket.status]}`,
        `*Opened*\n${slackDate(ticket.createdAt)}`,
      ]),
      ...(ticket.description.trim() === '' ? [] : [section(quote(ticket.description, 600))]),
    ],
  };
}
