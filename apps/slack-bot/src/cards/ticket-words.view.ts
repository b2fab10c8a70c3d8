import type { SlaClockView, TicketView } from '#shared/contracts/tickets.js';
import type { Priority, Status } from '#shared/contracts/values.js';
import { oneLine, slackDate } from '../slack/mrkdwn.js';

export const STATUS_WORDS: Record<Status, string> = {
  open: 'Open',
  in_progress: 'In progress',
  pending: 'Waiting for the customer',
  on_hold: 'On hold',
  resolved: 'Resolved',
  closed: 'Closed',
};

export const STATUS_EMOJI: Record<Status, string> = {
  open: ':large_blue_circle:',
  in_progress: ':large_purple_circle:',
  pending: ':hourglass_flowing_sand:',
  on_hold: ':double_vertical_bar:',
  resolved: ':white_check_mark:',
  closed: ':lock:',
};

export const PRIORITY_WORDS: Record<Priority, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  urgent: 'Urgent',
};

export const PRIORITY_EMOJI: Record<Priority, string> = {
  low: ':white_circle:',
  medium: ':large_yellow_circle:',
  high: ':large_orange_circle:',
  urgent: ':red_circle:',
};

export const TARGET_WORDS: Record<SlaClockView['target'], string> = {
  first_response: 'First response',
  next_response: 'Next response',
  resolution: 'Resolution',
};

export const isDone = ({ status }: Pick<TicketView, 'status'>): boolean => status === 'resolved' || status === 'closed';

/** `Casey Customer (casey@customer.example)`, escaped, at most `max` code points. */
export function requesterOf(ticket: Pick<TicketView, 'contactName' | 'contactEmail' | 'contact'>, max = 500): string {
  const name = ticket.contact?.name || ticket.contactName || '';
  const email = ticket.contact?.email ?? ticket.contactEmail;
  if (!email) return name === '' ? 'nobody outside' : oneLine(name, max);
  return oneLine(name === '' || name === email ? email : `${name} (${email})`, max);
}

/** The clock to look at first: a breached one that still matters, else the one that is due next. */
export function mostUrgent(clocks: readonly SlaClockView[]): SlaClockView | null {
  const open = clocks.filter(
    ({ state, stoppedAt }) => state === 'running' || state === 'paused' || (state === 'breached' && stoppedAt === null),
  );
  const rank = (clock: SlaClockView): number => (clock.state === 'breached' ? 0 : clock.state === 'running' ? 1 : 2);
  return [...open].sort((a, b) => rank(a) - rank(b) || Date.parse(a.dueAt) - Date.parse(b.dueAt))[0] ?? null;
}

/** What a clock says, in one line: `First response due 24 Nov, 10:00`. */
export function clockLine(clock: SlaClockView): string {
  const what = TARGET_WORDS[clock.target] + (clock.cycle > 1 ? ` (${clock.cycle})` : '');
  switch (clock.state) {
    case 'running':
      return `${what} due ${slackDate(clock.dueAt)}`;
    case 'paused':
      return `${what} paused`;
    case 'breached':
      return `:rotating_light: ${what} was due ${slackDate(clock.dueAt)}`;
    case 'met':
      return `${what} met${clock.stoppedAt === null ? '' : ` ${slackDate(clock.stoppedAt)}`}`;
    case 'cancelled':
      return `${what} no longer counts`;
  }
}
