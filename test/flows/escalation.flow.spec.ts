import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TicketView } from '#shared/contracts/tickets.js';
import { ALERTS, RunningDesk } from '../support/running-desk.js';

jest.setTimeout(120_000);

/** A minute to resolve, so that a percent of it is 600 ms. */
const policy = (kind: string, escalation: object[]) => ({
  name: `Escalated ${kind}`,
  priority: 500,
  conditions: [{ field: 'kind', operator: 'equals', value: kind }],
  resolutionTime: 1,
  escalation,
});

describe('a clock that nobody stops is escalated', () => {
  let desk: RunningDesk;
  beforeAll(async () => (desk = await RunningDesk.start()), 150_000);
  afterAll(() => desk?.stop(), 60_000);

  /** A ticket that has the policy: other replicas' policies may be two seconds old. */
  const openUnder = (kind: string): Promise<TicketView> =>
    desk.until(`a ticket under ${kind}`, async () => {
      const ticket = await desk.ok<TicketView>('POST', '/tickets', {
        body: { subject: `Nobody looks at ${kind}`, contactEmail: 'casey@sla.example', kind, priority: 'low' },
      });
      return ticket.sla.some(({ startedAt, dueAt }) => Date.parse(dueAt) - Date.parse(startedAt) === 60_000)
        ? ticket
        : null;
    });
  const toldIn = async (channel: string, { number }: TicketView) =>
    (await desk.play.messages(channel)).filter(
      ({ text }) => text.includes('Escalation') && text.includes(`#${number} `),
    );
  const taken = (ticket: TicketView) =>
    desk.sql<{ step: number; lateMs: number }>(
      `SELECT (new_value ->> 'step')::int AS step,
         extract(epoch FROM a.at - c.started_at)::double precision * 1000 AS "lateMs"
       FROM activities a JOIN sla_clocks c ON c.ticket_id = a.ticket_id AND c.target = 'resolution'
       WHERE a.ticket_id = $1 AND a.type = 'escalated' ORDER BY a.at`,
      [ticket.id],
    );

  it('step by step: a channel hears of it once, the priority is raised, at their exact instants', async () => {
    await desk.ok('POST', '/sla/policies', {
      body: policy('ladder', [
        { at: { percent: 2 }, do: { alert: { channel: '#general' } } },
        { at: { percent: 3 }, do: { raisePriority: 'urgent' } },
        { at: { percent: 4 }, do: { alert: { channel: 'nowhere-to-be-found' } } },
      ]),
    });
    const ticket = await openUnder('ladder');
    await desk.until('the channel to hear of it', async () => (await toldIn('general', ticket))[0]);
    const [lost] = await desk.until('the alerts’ channel, in place of one that is not there', async () => {
      const found = await toldIn(ALERTS, ticket);
      return found.length > 0 ? found : null;
    });
    expect(JSON.stringify(lost!.blocks)).toContain('#nowhere-to-be-found, which I cannot find');
    expect((await desk.ticket(ticket.number)).priority).toBe('urgent');
    expect((await taken(ticket)).map(({ step, lateMs }) => [step, Math.round(lateMs)])).toEqual([
      [1, 1_200],
      [2, 1_800],
      [3, 2_400],
    ]);
    expect([(await toldIn('general', ticket)).length, (await toldIn(ALERTS, ticket)).length]).toEqual([1, 1]);
  });

  it('while core and monitor were away: each step once when they are back, with its own instant', async () => {
    await desk.ok('POST', '/sla/policies', {
      body: policy('dark', [
        { at: { percent: 5 }, do: { alert: { channel: 'general' } } },
        { at: { percent: 8 }, do: { raisePriority: 'by_one' } },
      ]),
    });
    const ticket = await openUnder('dark');
    await desk.stack.stopService('ticket-core', 'SIGKILL');
    await desk.stack.stopService('sla-monitor', 'SIGKILL');
    await desk.until('both instants to pass', () => Date.now() > Date.parse(ticket.createdAt) + 7_000);
    await desk.stack.startService('sla-monitor');
    await desk.stack.startService('ticket-core');
    await desk.until('the channel to hear of it', async () => (await toldIn('general', ticket))[0], 60_000);
    await desk.until('both steps', async () => (await taken(ticket)).length === 2, 30_000);
    // Longer than a claim's lease: whoever died with one in hand would have come back by now.
    await desk.stack.stopService('sla-monitor', 'SIGKILL');
    await desk.stack.startService('sla-monitor');
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await taken(ticket)).map(({ step, lateMs }) => [step, Math.round(lateMs)])).toEqual([
      [1, 3_000],
      [2, 4_800],
    ]);
    expect(await toldIn('general', ticket)).toHaveLength(1);
    expect((await desk.ticket(ticket.number)).priority).toBe('medium');
  });
});
