import type { TicketView } from '#shared/contracts/tickets.js';
import { section, type SlackMessage } from '../slack/blocks.view.js';
import { oneLine, slackDate } from '../slack/mrkdwn.js';
import { clockLine } from './ticket-words.view.js';

/** The clocks of a ticket with the instants they are made of. */
export function slaCard(ticket: TicketView): SlackMessage {
  const title = `*#${ticket.number}  ${oneLine(ticket.subject, 300)}*`;
  const lines = ticket.sla.slice(-20).map((clock) => {
    const parts = [
      `started ${slackDate(clock.startedAt)}`,
      ...(clock.warnAt ? [`warning at ${slackDate(clock.warnAt)}`] : []),
      `due ${slackDate(clock.dueAt)}`,
      ...(clock.breachedAt ? [`breached ${slackDate(clock.breachedAt)}`] : []),
      ...(clock.stoppedAt ? [`stopped ${slackDate(clock.stoppedAt)}`] : []),
    ];
    return `• ${clockLine(clock)}\n   ${parts.join(', ')}`;
  });
  return {
    text: `SLA clocks of #${ticket.number}`,
    blocks: [
      section(title),
      section(lines.length === 0 ? 'No SLA clock runs for this ticket.' : lines.join('\n').slice(0, 2_950)),
    ],
  };
}
