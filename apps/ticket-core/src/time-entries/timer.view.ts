import type { TimerView } from '#shared/contracts/time-entries.js';
import { timerMinutes } from './timer-minutes.js';

/** A running timer as the repository reads it. */
export interface TimerRow {
  ticket_id: string;
  ticket_number: number;
  ticket_subject: string;
  description: string;
  billable: boolean;
  started_at: Date;
}

export const timerViewOf = (row: TimerRow, nowMs: number): TimerView => ({
  ticketId: row.ticket_id,
  ticketNumber: row.ticket_number,
  ticketSubject: row.ticket_subject,
  description: row.description,
  billable: row.billable,
  startedAt: row.started_at.toISOString(),
  minutes: timerMinutes(row.started_at.getTime(), nowMs),
});
