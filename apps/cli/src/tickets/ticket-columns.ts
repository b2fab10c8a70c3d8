import type { TicketView } from '#shared/contracts/tickets.js';
import { agoOf } from '../output/in-words.js';
import { paintLate, paintPriority, paintSoon, paintStatus } from '../output/paint.js';
import type { Column } from '../output/table.js';

const SOON_MS = 60 * 60_000;

/** What the next deadline says: when, that it is past, or that its clock stands still. */
export function deadlineOf(ticket: TicketView, nowMs: number): string {
  const live = ticket.sla.filter(({ state }) => state === 'running' || state === 'paused');
  const next = live.toSorted((a, b) => a.dueAt.localeCompare(b.dueAt))[0];
  if (!next) return '';
  if (next.state === 'paused') return 'paused';
  const when = agoOf(next.dueAt, nowMs);
  return Date.parse(next.dueAt) < nowMs ? `late ${when.replace(' ago', '')}` : when;
}

export const TICKET_COLUMNS: Column<TicketView>[] = [
  { title: '#', of: ({ number }) => String(number), right: true },
  { title: 'STATUS', of: ({ status }) => status, paint: paintStatus },
  { title: 'PRIORITY', of: ({ priority }) => priority, paint: paintPriority },
  { title: 'SUBJECT', of: ({ subject }) => subject, flexible: true },
  { title: 'FROM', of: ({ contact }) => contact?.name || contact?.email || '', flexible: true },
  { title: 'ASSIGNEE', of: ({ assignee }) => assignee?.name ?? '', flexible: true },
  {
    title: 'DUE',
    of: deadlineOf,
    paint: (text, { slaDeadline }) =>
      text.startsWith('late')
        ? paintLate(text)
        : slaDeadline && Date.parse(slaDeadline) - Date.now() < SOON_MS
          ? paintSoon(text)
          : text,
  },
  { title: 'UPDATED', of: ({ updatedAt }, nowMs) => agoOf(updatedAt, nowMs) },
  { title: 'CATEGORY', of: ({ category }) => category, wide: true },
  { title: 'TAGS', of: ({ tags }) => tags.join(', '), wide: true },
  { title: 'SOURCE', of: ({ source }) => source, wide: true },
  { title: 'MESSAGES', of: ({ messageCount }) => String(messageCount), wide: true, right: true },
  { title: 'CREATED', of: ({ createdAt }) => createdAt, wide: true },
  { title: 'ID', of: ({ id }) => id, wide: true },
];
