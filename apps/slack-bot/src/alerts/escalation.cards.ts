import { requesterOf, TARGET_WORDS } from '../cards/ticket-words.view.js';
import { RUN } from '../slack/action-ids.js';
import { actions, button, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, link, oneLine, slackDate } from '../slack/mrkdwn.js';
import type { KnownOfTicket } from './alert-facts.js';
import { duration, ownerOf, policyLine } from './alert.cards.js';
import type { SlaClockView } from '#shared/contracts/tickets.js';

export interface Escalation extends KnownOfTicket {
  target: SlaClockView['target'];
  cycle: number;
  step: number;
  /** The step's own instant. */
  at: string;
  /** Why it is not where the policy wants it. */
  instead: string | null;
  cardUrl: string | null;
}

/** A step of an escalation that wants somebody to know. `nowMs` is when it is drawn. */
export function escalationCard(escalation: Escalation, nowMs: number): SlackMessage {
  const { ticket, target, cycle, step, at, instead, cardUrl } = escalation;
  const clock = ticket.sla.find((one) => one.target === target && one.cycle === cycle);
  const label = `#${ticket.number} ${ticket.subject}`;
  const name = `${TARGET_WORDS[target]}${cycle > 1 ? ` (${cycle})` : ''}`;
  const lateMs = clock ? nowMs - Date.parse(clock.dueAt) : null;
  const state = lateMs === null ? '' : lateMs > 0 ? `, overdue by ${duration(lateMs)}` : `, ${duration(-lateMs)} left`;
  const lines = [
    `*:arrow_double_up: Escalation, step ${step}* since ${slackDate(at)}`,
    `*Customer*  ${requesterOf(ticket, 300)}`,
    `*Ticket*  ${cardUrl === null ? oneLine(label, 300) : link(cardUrl, label)}`,
    `*Target*  ${name}${clock ? `, due ${slackDate(clock.dueAt)}` : ''}${state}`,
    ...policyLine(escalation),
    `*Owner*  ${ownerOf(escalation)}`,
    ...(instead === null ? [] : [`_${oneLine(instead, 300)}_`]),
  ];
  return {
    text: `:arrow_double_up: Escalation of #${ticket.number} ${escapeTo(ticket.subject.replaceAll(/\s+/g, ' '), 300)}`,
    blocks: [
      section(lines.join('\n')),
      actions(
        ...(ticket.assigneeId === null ? [button('Take', `${RUN}take`, ticket.id, { style: 'primary' })] : []),
        button('View', `${RUN}view`, ticket.id),
      ),
    ],
  };
}
