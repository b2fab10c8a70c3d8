import type { MessageView } from '#shared/contracts/messages.js';
import type { SlaClockView, TicketView } from '#shared/contracts/tickets.js';
import { OPENED_BY } from '#shared/words/opened-by.js';
import { agoOf } from '../output/in-words.js';
import { bold, dim, paintLate, paintPriority, paintStatus } from '../output/paint.js';
import { oneLine, printable } from '../output/table.js';

/** A whole ticket for people: what it is, its clocks, and the thread with the oldest message first. Pure. */
export function ticketPage(
  ticket: TicketView,
  messages: readonly MessageView[],
  { colours, nowMs }: { colours: boolean; nowMs: number },
): string {
  const paint = (how: (text: string) => string) => (text: string) => (colours ? how(text) : text);
  const [strong, faint] = [paint(bold), paint(dim)];
  const line = (name: string, value: string | null | undefined) =>
    value ? `${faint(name.padEnd(10))}${oneLine(value)}` : [];
  const person = (one: { name: string; email: string } | null | undefined) =>
    one ? [one.name, one.email && `<${one.email}>`].filter(Boolean).join(' ') : null;
  const head = [
    strong(`#${ticket.number}  ${oneLine(ticket.subject)}`),
    `${faint('status'.padEnd(10))}${paint(paintStatus)(ticket.status)}, ${paint(paintPriority)(ticket.priority)}, ${oneLine(ticket.category)}`,
    line('from', person(ticket.contact)),
    line('assignee', person(ticket.assignee) ?? 'nobody'),
    line('tags', ticket.tags.join(', ')),
    line('about', ticket.entity && `${ticket.entity.type} ${ticket.entity.name ?? ticket.entity.id}`),
    line('opened', `${ticket.createdAt} (${agoOf(ticket.createdAt, nowMs)}) ${OPENED_BY[ticket.source]}`),
    line('merged', ticket.mergedInto && `into #${ticket.mergedInto.number}`),
    line('follows', ticket.followUpOf),
    line('deleted', ticket.deletedAt),
    line('resolved', ticket.resolvedAt),
    line('closed', ticket.closedAt),
    ...Object.entries(ticket.customFields).flatMap(([key, value]) =>
      line(key, typeof value === 'string' ? value : JSON.stringify(value)),
    ),
    ...ticket.sla.flatMap((clock) => clockLine(clock, nowMs, faint, paint(paintLate))),
    line('id', ticket.id),
  ].flat();
  // Of a mail the first message says the same.
  const said = ticket.description.trim();
  const description = said && messages[0]?.content.trim() !== said ? ['', printable(said)] : [];
  const thread = messages.flatMap((message) => [
    '',
    faint('─'.repeat(72)),
    `${strong(oneLine(message.author.name || message.author.kind))}  ${messageWords(message, nowMs)}`,
    ...message.attachments.map((file) => faint(`  + ${oneLine(file.name)} (${sizeOf(file.sizeBytes)})`)),
    '',
    printable(message.content.trim()),
  ]);
  return [...head, ...description, ...thread].join('\n');
}

function messageWords(message: MessageView, nowMs: number): string {
  const kind = message.isInternalNote ? 'internal note' : message.author.kind === 'contact' ? 'wrote' : 'replied';
  const mail = message.delivery ? `, mail ${message.delivery.state}` : '';
  const edited = message.editedAt ? ', edited' : '';
  return `${kind} ${agoOf(message.createdAt, nowMs)} (${message.createdAt})${mail}${edited}`;
}

const TARGETS: Readonly<Record<SlaClockView['target'], string>> = {
  first_response: 'first response',
  next_response: 'next response',
  resolution: 'resolution',
};

function clockLine(
  clock: SlaClockView,
  nowMs: number,
  faint: (text: string) => string,
  late: (text: string) => string,
): string[] {
  if (clock.state === 'cancelled') return [];
  const target = TARGETS[clock.target];
  const words: Readonly<Record<Exclude<SlaClockView['state'], 'cancelled'>, string>> = {
    running: `due ${agoOf(clock.dueAt, nowMs)} (${clock.dueAt})`,
    paused: 'paused',
    met: 'met',
    breached: late(`missed ${clock.breachedAt ?? clock.dueAt}`),
  };
  return [`${faint('sla'.padEnd(10))}${target} ${words[clock.state]}`];
}

export const sizeOf = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
};
