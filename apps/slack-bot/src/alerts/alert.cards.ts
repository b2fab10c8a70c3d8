import type { SlaClockView } from '#shared/contracts/tickets.js';
import { counted } from '#shared/words/counted.js';
import { cutTo } from '#slack/limits.js';
import type { KnownOfTicket } from './alert-facts.js';
import { requesterOf, TARGET_WORDS } from '../cards/ticket-words.view.js';
import { ALERT_ACK, ALERT_ASSIGN, RUN } from '../slack/action-ids.js';
import { actions, button, context, plain, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, link, oneLine, slackDate } from '../slack/mrkdwn.js';

export interface Alert extends KnownOfTicket {
  level: 'warning' | 'breached';
  target: SlaClockView['target'];
  cycle: number;
  dueAt: string;
  /** Address of the ticket's card in Slack, where it is known. */
  cardUrl: string | null;
  /** Who has seen it, when. */
  acknowledged?: { by: string; atMs: number } | undefined;
}

/** What is late or about to be: six lines, and what one can do about it. `nowMs` is when it is drawn. */
export function alertCard(alert: Alert, nowMs: number): SlackMessage {
  const { level, ticket, target, cycle, dueAt, cardUrl, acknowledged } = alert;
  const isBreach = level === 'breached';
  const label = `#${ticket.number} ${ticket.subject}`;
  const text = `${isBreach ? ':rotating_light: SLA breached' : ':alarm_clock: SLA warning'}: ${TARGET_WORDS[target].toLowerCase()} of #${ticket.number} ${escapeTo(ticket.subject.replaceAll(/\s+/g, ' '), 300)}`;
  const lines = [
    `*${isBreach ? ':rotating_light: SLA breached' : ':alarm_clock: SLA about to be breached'}*`,
    `*Customer*  ${requesterOf(ticket, 300)}`,
    `*Ticket*  ${cardUrl === null ? oneLine(label, 300) : link(cardUrl, label)}`,
    `*Target*  ${TARGET_WORDS[target]}${cycle > 1 ? ` (${cycle})` : ''}, due ${slackDate(dueAt)}${byPolicy(alert)}`,
    isBreach
      ? `*Overdue by*  ${duration(nowMs - Date.parse(dueAt))}`
      : `*Time left*  ${duration(Date.parse(dueAt) - nowMs)}`,
    `*Owner*  ${ownerOf(alert)}`,
  ];
  return {
    text,
    blocks: [
      section(lines.join('\n')),
      ...(acknowledged
        ? [
            {
              ...context(`:eyes: ${oneLine(acknowledged.by, 200)} knows, since ${slackDate(acknowledged.atMs)}`),
              block_id: ackId(acknowledged),
            },
          ]
        : []),
      {
        ...actions(
          ...(ticket.assigneeId === null ? [button('Take', `${RUN}take`, ticket.id, { style: 'primary' })] : []),
          { type: 'users_select', action_id: ALERT_ASSIGN, placeholder: plain('Assign to…', 150) },
          ...(acknowledged ? [] : [button('Acknowledge', ALERT_ACK, ticket.id)]),
        ),
        // What the alert is about, for whoever presses: a select carries no value of its own.
        block_id: alertId({ level, ticketId: ticket.id, target, cycle }),
      },
    ],
  };
}

/** Who has it, mentioned, so that they hear of it. */
export function ownerOf({ ticket, ownerSlackId }: KnownOfTicket): string {
  if (!ticket.assignee) return '_nobody yet_';
  return ownerSlackId === null ? oneLine(ticket.assignee.name, 200) : `<@${ownerSlackId}>`;
}

const byPolicy = ({ policyName }: KnownOfTicket): string =>
  policyName === null ? '' : ` by ${oneLine(`“${policyName}”`, 120)}`;

export const policyLine = ({ policyName }: KnownOfTicket): string[] =>
  policyName === null ? [] : [`*Policy*  ${oneLine(policyName, 200)}`];

/** Many alerts in one message, when one message each would be a flood. */
export function alertDigest(alerts: readonly Alert[], nowMs: number): SlackMessage {
  const text = `:rotating_light: ${counted(alerts.length, 'SLA alert')}${alerts.length > 1 ? ' at once' : ''}`;
  const lines = alerts.map(({ level, ticket, target, dueAt, cardUrl }) => {
    const label = cutTo(`#${ticket.number} ${ticket.subject}`, 80);
    const late = Date.parse(dueAt) - nowMs;
    const state = level === 'breached' ? `late by ${duration(-late)}` : `${duration(late)} left`;
    const owner = ticket.assignee ? oneLine(ticket.assignee.name, 60) : 'nobody';
    return `• ${cardUrl === null ? oneLine(label, 160) : link(cardUrl, label)}: ${TARGET_WORDS[target].toLowerCase()}, ${state}, ${owner}`;
  });
  // Four lines a section stay within 3,000 characters even with long permalinks.
  const sections = [];
  for (let at = 0; at < lines.length; at += 4) sections.push(section(lines.slice(at, at + 4).join('\n')));
  return { text, blocks: [section(`*${text}*`), ...sections] };
}

export interface AlertId {
  level: 'warning' | 'breached';
  ticketId: string;
  target: SlaClockView['target'];
  cycle: number;
}

export const alertId = ({ level, ticketId, target, cycle }: AlertId): string =>
  `alert:${ticketId}:${target}:${cycle}:${level}`;

/** Who knows, kept in the message itself: it survives when the alert is drawn anew. */
const ackId = ({ by, atMs }: NonNullable<Alert['acknowledged']>): string => `ack:${atMs}:${by.slice(0, 100)}`;

export function readAck(blockIds: readonly string[]): Alert['acknowledged'] {
  for (const id of blockIds) {
    const [, atMs, by] = /^ack:(\d+):([\s\S]+)$/.exec(id) ?? [];
    if (by !== undefined) return { by, atMs: Number(atMs) };
  }
  return undefined;
}

export function readAlertId(blockId: string | undefined): AlertId | null {
  const [, ticketId, target, cycle, level] =
    /^alert:([0-9a-f-]{36}):(first_response|next_response|resolution):(\d+):(warning|breached)$/.exec(blockId ?? '') ??
    [];
  if (ticketId === undefined) return null;
  return { ticketId, target: target as AlertId['target'], cycle: Number(cycle), level: level as AlertId['level'] };
}

/** `2 d 3 h`, `45 min`, `less than a minute`. */
export function duration(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes === 0) return 'less than a minute';
  const parts = [
    [Math.floor(minutes / 1_440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .slice(0, 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
