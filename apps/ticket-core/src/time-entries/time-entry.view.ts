import type { TimeEntryView, TimeTotals } from '#shared/contracts/time-entries.js';

/** A time entry as the repository reads it, with the names of its ticket and agent. */
export interface TimeEntryRow {
  id: string;
  ticket_id: string;
  ticket_number: number;
  ticket_subject: string;
  agent_id: string;
  agent_name: string;
  agent_email: string;
  minutes: number;
  description: string;
  billable: boolean;
  worked_at: Date;
  contract_id: string | null;
  invoiced_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface TimeTotalsRow {
  agent_id: string;
  agent_name: string;
  agent_email: string;
  entries: number;
  minutes: number;
  billable_minutes: number;
}

export const timeEntryViewOf = (row: TimeEntryRow): TimeEntryView => ({
  id: row.id,
  ticketId: row.ticket_id,
  ticketNumber: row.ticket_number,
  ticketSubject: row.ticket_subject,
  agentId: row.agent_id,
  agent: { id: row.agent_id, name: row.agent_name, email: row.agent_email },
  minutes: row.minutes,
  description: row.description,
  billable: row.billable,
  workedAt: row.worked_at.toISOString(),
  contractId: row.contract_id,
  invoicedAt: row.invoiced_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

export function timeTotalsOf(rows: readonly TimeTotalsRow[]): TimeTotals {
  const sum = (field: 'entries' | 'minutes' | 'billable_minutes') => rows.reduce((all, row) => all + row[field], 0);
  return {
    entries: sum('entries'),
    minutes: sum('minutes'),
    billableMinutes: sum('billable_minutes'),
    byAgent: rows.map((row) => ({
      agent: { id: row.agent_id, name: row.agent_name, email: row.agent_email },
      entries: row.entries,
      minutes: row.minutes,
      billableMinutes: row.billable_minutes,
    })),
  };
}
