import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../support/core.js';

// Every example and table of the document “Ticketing”, against the real server, with /v1 and without, by key and by cookie.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
type Json = Record<string, unknown>;

let core: TestCore;
beforeAll(async () => void (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const ways = [
  ['/api/v1', 'an API key'],
  ['/api', 'an API key'],
  ['/api/v1', 'a session cookie'],
  ['/api', 'a session cookie'],
] as const;

describe.each(ways)('Ticketing: %s with %s', (base, by) => {
  const call = async <T = Json>(method: string, path: string, json?: unknown) => {
    const known = by === 'an API key' ? {} : { key: '', headers: { cookie: `deskwire_session=${core.acme.apiKey}` } };
    const { status, body } = await core.http(`${base}${path}`, {
      ...known,
      method,
      ...(json !== undefined && { json }),
    });
    return { status, body: body as T };
  };
  const open = async (fields: Json = {}) =>
    (await call('POST', '/tickets', { title: 'Service crashes', ...fields })).body;

  describe('Ticket Fields', () => {
    it('needs a title only; the priority is medium', async () => {
      const { status, body } = await call('POST', '/tickets', { title: 'Short summary of the issue' });
      expect(status).toBe(201);
      expect(body).toMatchObject({
        subject: 'Short summary of the issue',
        description: '',
        priority: 'medium',
        status: 'open',
      });
      const without = await call('POST', '/tickets', { description: 'Detailed information' });
      expect(without).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ pointer: '/subject' }] } });
    });

    it.each([
      ['low', 'low'],
      ['medium', 'medium'],
      ['high', 'high'],
      ['critical', 'urgent'],
    ])('priority %s', async (priority, kept) => {
      expect(await open({ priority })).toMatchObject({ priority: kept });
    });

    it('description, category, the endpoint it is about, and the technician', async () => {
      const { id } = core.acme.agents.agent;
      const ticket = await open({
        description: 'Steps to reproduce: …',
        category: 'technical',
        agent: 'endpoint-17',
        assignedTo: id,
      });
      expect(ticket).toMatchObject({
        description: 'Steps to reproduce: …',
        category: 'technical',
        entity: { type: 'endpoint', id: 'endpoint-17' },
        assigneeId: id,
      });
    });
  });

  it('Ticket Lifecycle: Open, In Progress, Waiting, Resolved, Closed', async () => {
    const { id } = await open();
    for (const [status, kept] of [
      ['in_progress', 'in_progress'],
      ['waiting', 'pending'],
      ['in_progress', 'in_progress'],
      ['resolved', 'resolved'],
      ['closed', 'closed'],
    ]) {
      const answer = await call('PATCH', `/tickets/${String(id)}`, { status });
      expect([answer.status, answer.body['status']]).toEqual([200, kept]);
    }
    const waiting = await call<{ items: Json[] }>('GET', '/tickets?status=waiting');
    expect(waiting.status).toBe(200);
  });

  it('Comments: an internal one, as printed, and a public one', async () => {
    const { id } = await open({ contactEmail: 'casey@customer.example' });
    const path = `/tickets/${String(id)}/comments`;
    const printed = {
      body: 'Checked the service logs — the crash was caused by a corrupted config file. Replacing with default.',
      internal: true,
    };
    const internal = await call('POST', path, printed);
    expect(internal).toMatchObject({ status: 201, body: printed });
    const open2 = await call('POST', path, { body: 'It works again.' });
    expect(open2).toMatchObject({ status: 201, body: { body: 'It works again.', internal: false } });
    const all = await call<{ items: Json[] }>('GET', path);
    expect(all.body.items.map(({ body, internal: kept }) => [body, kept])).toEqual([
      [printed.body, true],
      ['It works again.', false],
    ]);
    // Only technicians see the internal one.
    const outgoing = await core.sql<{ message_id: string }>(
      'SELECT message_id FROM outbound_mails WHERE ticket_id = $1',
      [id],
    );
    expect(outgoing.map(({ message_id }) => message_id)).toEqual([open2.body['id']]);
  });

  it('Time Tracking, as printed', async () => {
    const { id } = await open();
    const printed = {
      minutes: 30,
      description: 'Investigated crash logs and replaced corrupted config',
      billable: true,
    };
    const { status, body } = await call('POST', `/tickets/${String(id)}/time`, printed);
    expect(status).toBe(201);
    // “Time entries include the technician who logged them, the duration in minutes, a description, and whether …”
    expect(body).toMatchObject({ ...printed, agent: { name: 'Alice' } });
    const all = await call<{ items: Json[] }>('GET', `/tickets/${String(id)}/time`);
    expect(all.body.items).toEqual([expect.objectContaining(printed)]);
  });

  describe('Default SLA Times', () => {
    it.each([
      ['critical', 30 * MINUTE_MS, 4 * HOUR_MS],
      ['high', 2 * HOUR_MS, 8 * HOUR_MS],
      ['medium', 8 * HOUR_MS, 48 * HOUR_MS],
      ['low', 24 * HOUR_MS, 7 * 24 * HOUR_MS],
    ])('%s', async (priority, responseMs, resolveMs) => {
      const { createdAt, sla } = (await open({ priority })) as {
        createdAt: string;
        sla: { target: string; dueAt: string }[];
      };
      const due = Object.fromEntries(
        sla.map(({ target, dueAt }) => [target, Date.parse(dueAt) - Date.parse(createdAt)]),
      );
      expect(due).toMatchObject({ first_response: responseMs, resolution: resolveMs });
    });

    it('response is measured to the first non-internal comment or status change', async () => {
      const states = async (id: unknown) => {
        const { body } = await call<{ sla: { target: string; state: string }[] }>('GET', `/tickets/${String(id)}`);
        return body.sla.find(({ target }) => target === 'first_response')!.state;
      };
      const commented = await open({ contactEmail: 'casey@customer.example' });
      await call('POST', `/tickets/${String(commented['id'])}/comments`, { body: 'A note', internal: true });
      expect(await states(commented['id'])).toBe('running');
      await call('POST', `/tickets/${String(commented['id'])}/comments`, { body: 'We look into it.', internal: false });
      expect(await states(commented['id'])).toBe('met');
      const changed = await open({ contactEmail: 'casey@customer.example' });
      await call('PATCH', `/tickets/${String(changed['id'])}`, { status: 'in_progress' });
      expect(await states(changed['id'])).toBe('met');
    });
  });

  it('SLA Breaches say which was violated: response, resolve, or both', async () => {
    const [response, both] = [await open({ priority: 'critical' }), await open({ priority: 'critical' })];
    const earlier = async (id: unknown, ms: number) => {
      for (const [table, column] of [
        ['activities', 'at'],
        ['tickets', 'created_at'],
      ])
        await core.sql(
          `UPDATE ${table} SET ${column} = ${column} - make_interval(secs => $2) WHERE ${table === 'tickets' ? 'id' : 'ticket_id'} = $1`,
          [id, ms / 1_000],
        );
      await call('PATCH', `/tickets/${String(id)}`, { subject: 'Reckoned again' });
    };
    await earlier(response['id'], HOUR_MS);
    await earlier(both['id'], 5 * HOUR_MS);
    const { status, body } = await call<{ items: { ticket: { id: string }; violated: string }[] }>(
      'GET',
      '/sla/breaches',
    );
    expect(status).toBe(200);
    const violated = new Map(body.items.map(({ ticket, violated: which }) => [ticket.id, which]));
    expect([violated.get(String(response['id'])), violated.get(String(both['id']))]).toEqual(['response', 'both']);
  });

  it('Ticket Templates pre-fill fields', async () => {
    const name = `New Employee Setup (${base} ${by})`;
    const made = await call('POST', '/ticket-templates', {
      name,
      fields: {
        subject: 'New employee',
        description: '- [ ] Laptop\n- [ ] Accounts',
        priority: 'high',
        category: 'account',
      },
    });
    expect(made).toMatchObject({ status: 201, body: { name } });
    const { status, body } = await call('POST', '/tickets', { templateId: made.body['id'], title: 'Setup for Dana' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      subject: 'Setup for Dana',
      description: '- [ ] Laptop\n- [ ] Accounts',
      priority: 'high',
      category: 'account',
    });
  });
});
