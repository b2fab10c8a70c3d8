import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HINTS } from '#shared/contracts/hints.js';
import { readNatsUrl } from '#shared/messaging/connect-nats.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { SlackMessage } from '../support/playground-client.js';
import { ALERTS, RunningDesk, shownText } from '../support/running-desk.js';

jest.setTimeout(120_000);

const PROMPTLY_MS = 1_000;
/** For a machine that is busy with other things. */
const LATE_MS = 10_000;

describe('a missed promise becomes one alert', () => {
  let desk: RunningDesk;
  let bus: NatsConnection;
  let honest: TicketView;

  beforeAll(async () => {
    desk = await RunningDesk.start();
    bus = await connect(readNatsUrl(desk.stack.stack.natsUrl));
    // The one clock that nobody touches: a policy of one minute, waited for in the last test.
    await desk.sql(
      `INSERT INTO sla_policies (org_id, id, policy, priority)
       SELECT id, gen_random_uuid(), $1, 100 FROM organisations WHERE slug = 'acme'`,
      [
        JSON.stringify({
          name: 'One minute',
          conditions: [{ field: 'kind', operator: 'equals', value: 'minute' }],
          priority: 100,
          firstResponseMinutes: 1,
        }),
      ],
    );
    honest = await desk.until('the new policy to be used', async () => {
      const opened = await open('An honest minute', { kind: 'minute' });
      return Date.parse(opened.slaDeadline ?? '') - Date.parse(opened.createdAt) === 60_000 ? opened : null;
    });
  }, 150_000);
  afterAll(async () => {
    await bus?.close();
    await desk?.stop();
  }, 60_000);

  const open = async (subject: string, more: object = {}): Promise<TicketView> =>
    desk.ok('POST', '/tickets', { body: { subject, contactEmail: 'casey@sla.example', ...more } });

  /**
   * Brings the first response's warning and due instants forward, where the monitor looks for them, and wakes the monitor
   * as the core does when a clock changes.
   */
  async function bringForward(ticket: TicketView, warnInMs: number, dueInMs: number): Promise<Date> {
    const [clock] = await desk.sql<{ due_at: Date }>(
      `UPDATE sla_clocks SET warn_at = date_trunc('milliseconds', now()) + $2 * interval '1 ms',
         due_at = date_trunc('milliseconds', now()) + $3 * interval '1 ms', next_at = now() + $2 * interval '1 ms'
       WHERE ticket_id = $1 AND target = 'first_response' RETURNING due_at`,
      [ticket.id, warnInMs, dueInMs],
    );
    bus.publish(HINTS.clockChanged, JSON.stringify({ inMs: warnInMs }));
    return clock!.due_at;
  }

  const alertsOf = async ({ number }: TicketView): Promise<SlackMessage[]> =>
    (await desk.play.messages(ALERTS)).filter(({ text }) => text.includes(`#${number} `));

  const breachOf = async (ticket: TicketView): Promise<SlackMessage> =>
    desk.until(
      `the breach of #${ticket.number}`,
      async () => (await alertsOf(ticket)).find(({ text }) => text.includes('SLA breached')),
      60_000,
    );

  /** Lines that a person reads in the alert itself. */
  const linesOf = ({ blocks }: SlackMessage): string[] => {
    const [section] = (blocks ?? []) as { text?: { text: string } }[];
    return section!.text!.text.split('\n');
  };

  it('the warning’s message turns into the breach’s, on time, in at most six lines', async () => {
    const ticket = await open('Printer & <toner> *low*');
    await desk.card(ticket.number);
    const dueAt = await bringForward(ticket, 500, 2_500);

    const warning = await desk.until('the warning', async () => (await alertsOf(ticket))[0]);
    expect(warning.text).toContain('SLA warning');
    expect(Number(warning.ts) * 1_000).toBeLessThan(dueAt.getTime());
    expect(linesOf(warning).length).toBeLessThanOrEqual(6);

    const breach = await breachOf(ticket);
    expect(breach.ts).toBe(warning.ts);
    const lines = linesOf(breach);
    expect(lines.length).toBeLessThanOrEqual(6);
    const text = lines.join('\n');
    expect(text).toContain(`#${ticket.number} Printer &amp; &lt;toner&gt;`);
    expect(text).toContain('casey@sla.example');
    expect(text).toMatch(/First response/);
    expect(text).toContain('nobody yet');
    expect(shownText(breach)).toContain('Take');

    // The breach is at the very instant at which it was missed, however late anybody looked.
    const [clock] = (await desk.ticket(ticket.number)).sla.filter(({ target }) => target === 'first_response');
    expect(clock).toMatchObject({ state: 'breached', dueAt: dueAt.toISOString(), breachedAt: dueAt.toISOString() });
    expect(await alertsOf(ticket)).toHaveLength(1);
  });

  it('within a second of the instant', async () => {
    const tickets = [await open('Soon'), await open('Sooner'), await open('Soonest')];
    for (const ticket of tickets) await desk.card(ticket.number);
    const latenessMs = await Promise.all(
      tickets.map(async (ticket, n) => {
        const dueAt = await bringForward(ticket, 1_500 + n * 700, 1_500 + n * 700);
        const { ts } = await breachOf(ticket);
        return Number(ts) * 1_000 - dueAt.getTime();
      }),
    );
    latenessMs.sort((a, b) => a - b);
    expect(latenessMs[0]).toBeGreaterThanOrEqual(0);
    expect(latenessMs[1]).toBeLessThanOrEqual(PROMPTLY_MS);
    expect(latenessMs[2]).toBeLessThanOrEqual(LATE_MS);
  });

  it('an answer in time is none', async () => {
    const ticket = await open('Answered in time');
    const later = await open('Not answered');
    await bringForward(ticket, 2_000, 2_500);
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content: 'Here is your answer.' } });
    await bringForward(later, 2_600, 2_700);
    await breachOf(later);
    expect(await alertsOf(ticket)).toEqual([]);
    const [clock] = (await desk.ticket(ticket.number)).sla.filter(({ target }) => target === 'first_response');
    expect(clock).toMatchObject({ state: 'met', breachedAt: null });
  });

  it('missed while monitor and bot were down: told once they are back, with the instant at which it was missed', async () => {
    const ticket = await open('Missed in the dark');
    await desk.card(ticket.number);
    await desk.stack.stopService('sla-monitor', 'SIGKILL');
    await desk.stack.stopService('slack-bot', 'SIGKILL');
    const dueAt = await bringForward(ticket, 100, 300);
    await desk.until('the instant to pass', () => Date.now() > dueAt.getTime() + 500);
    expect(await alertsOf(ticket)).toEqual([]);
    await desk.stack.startService('sla-monitor');
    await desk.until('the monitor to have told', async () => {
      const where = "ticket_id = $1 AND target = 'first_response' AND announced";
      return (await desk.count('sla_clocks', where, [ticket.id])) === 1;
    });
    await desk.stack.startService('slack-bot');
    await breachOf(ticket);
    const [clock] = (await desk.ticket(ticket.number)).sla.filter(({ target }) => target === 'first_response');
    expect(clock!.breachedAt).toBe(dueAt.toISOString());
    expect(await alertsOf(ticket)).toHaveLength(1);
  });

  it('killed between telling and noting: still one alert, one line in the history', async () => {
    const ticket = await open('Told twice');
    await desk.card(ticket.number);
    // It can publish what is due but not note that it has: each look publishes again.
    await desk.sql('REVOKE INSERT ON activities FROM deskwire_app');
    const dueAt = await bringForward(ticket, 200, 200);
    await breachOf(ticket);
    await desk.stack.kill('sla-monitor');
    await desk.sql('GRANT INSERT ON activities TO deskwire_app');
    await desk.stack.waitReady('sla-monitor');
    // The lease that the killed one held, over at once.
    await desk.sql("UPDATE sla_clocks SET next_at = now() WHERE ticket_id = $1 AND target = 'first_response'", [
      ticket.id,
    ]);
    bus.publish(HINTS.clockChanged, JSON.stringify({ inMs: 0 }));
    const history = await desk.settled(
      'the breach in the history',
      async () =>
        desk.sql<{ at: Date }>("SELECT at FROM activities WHERE ticket_id = $1 AND type = 'sla_breached'", [ticket.id]),
      (rows) => rows.length > 0,
    );
    expect(history).toEqual([{ at: dueAt }]);
    // An alert of another ticket that comes after all this.
    const after = await open('After that');
    await bringForward(after, 200, 200);
    await breachOf(after);
    expect(await alertsOf(ticket)).toHaveLength(1);
  });

  it('a minute that nobody shortened: warned, breached at its end and not before', async () => {
    const dueAt = Date.parse(honest.createdAt) + 60_000;
    expect(honest.slaDeadline).toBe(new Date(dueAt).toISOString());
    const breach = await desk.until(
      'the honest breach',
      async () => (await alertsOf(honest)).find(({ text }) => text.includes('SLA breached')),
      90_000,
    );
    const [clock] = (await desk.ticket(honest.number)).sla;
    expect(clock).toMatchObject({ target: 'first_response', state: 'breached', breachedAt: honest.slaDeadline });
    const toldAt = Number(breach.edited?.ts ?? breach.ts) * 1_000;
    expect(toldAt).toBeGreaterThanOrEqual(dueAt);
    expect(await alertsOf(honest)).toHaveLength(1);
  });
});
