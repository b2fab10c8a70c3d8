import { describe, expect, it } from '@jest/globals';
import type { TimeEntryView } from '#shared/contracts/time-entries.js';
import { TIME_CSV_HEAD, timeCsvLine } from './time-csv.js';

const agent = { id: '0190a000-0000-7000-8000-000000000002', name: 'Bea', email: 'bea@acme.test' };
const entry = (overrides: Partial<TimeEntryView> = {}): TimeEntryView => ({
  id: '0190a000-0000-7000-8000-000000000001',
  ticketId: '0190a000-0000-7000-8000-000000000003',
  ticketNumber: 42,
  ticketSubject: 'Printer',
  agentId: agent.id,
  agent,
  minutes: 30,
  description: '',
  billable: true,
  workedAt: '2026-01-31T12:00:00.000Z',
  contractId: null,
  invoicedAt: null,
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
  ...overrides,
});

describe('timeCsvLine', () => {
  it('has a cell for each name of the head', () => {
    expect(TIME_CSV_HEAD).toBe(
      'id,worked_at,ticket,subject,agent,agent_email,minutes,billable,description,contract_id,invoiced_at\r\n',
    );
    expect(timeCsvLine(entry())).toBe(
      '0190a000-0000-7000-8000-000000000001,2026-01-31T12:00:00.000Z,42,Printer,Bea,bea@acme.test,30,true,,,\r\n',
    );
  });

  it('quotes what would break the line', () => {
    const line = timeCsvLine(entry({ ticketSubject: 'a,b', description: 'He said "no"\nand left' }));
    expect(line).toContain(',"a,b",');
    expect(line).toContain(',"He said ""no""\nand left",');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://evil.example","x")'])(
    'lets no customer write a formula: %j',
    (ticketSubject) => {
      expect(timeCsvLine(entry({ ticketSubject }))).toMatch(/,42,"?'/);
    },
  );
});
