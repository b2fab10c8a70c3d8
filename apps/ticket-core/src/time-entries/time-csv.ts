import type { TimeEntryView } from '#shared/contracts/time-entries.js';

const COLUMNS: [name: string, read: (entry: TimeEntryView) => string | number][] = [
  ['id', ({ id }) => id],
  ['worked_at', ({ workedAt }) => workedAt],
  ['ticket', ({ ticketNumber }) => ticketNumber],
  ['subject', ({ ticketSubject }) => ticketSubject],
  ['agent', ({ agent }) => agent.name],
  ['agent_email', ({ agent }) => agent.email],
  ['minutes', ({ minutes }) => minutes],
  ['billable', ({ billable }) => String(billable)],
  ['description', ({ description }) => description],
  ['contract_id', ({ contractId }) => contractId ?? ''],
  ['invoiced_at', ({ invoicedAt }) => invoicedAt ?? ''],
];

/** RFC 4180: lines end with CRLF; what holds a comma, a quote or a line end is quoted. */
export const TIME_CSV_HEAD = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

export const timeCsvLine = (entry: TimeEntryView): string =>
  `${COLUMNS.map(([, read]) => cell(read(entry))).join(',')}\r\n`;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // A customer writes subjects: none may be a formula to the spreadsheet that opens this (OWASP, CSV injection).
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
