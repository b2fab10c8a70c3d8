import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { RequestOf } from '#shared/contracts/contract.js';
import { listTickets, searchTickets } from '#shared/contracts/ticket-lists.js';
import { postMessage } from '#shared/contracts/messages.js';
import { openTicket, updateTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, waitFor } from '../../../../test/support/core.js';

let core: TestCore;
let tickets: TicketView[];
const vera = () => core.actorOf(core.acme, 'viewer');
const list = (input: object = {}) => core.client.request(listTickets, input, { actor: vera() });
const subjects = async (input: object) => (await list(input)).items.map(({ subject }) => subject);
const open = (input: RequestOf<typeof openTicket>) =>
  core.client.request(openTicket, input, { actor: core.actorOf(core.acme, 'admin') });

/** Search and counts follow a moment later. */
const indexed = () =>
  waitFor(
    async () => (await core.sql('SELECT 1 FROM search_queue LIMIT 1')).length === 0,
    'the search to be up to date',
  );

beforeAll(async () => {
  core = await TestCore.start();
  tickets = [
    await open({ subject: 'A', priority: 'low', category: 'billing', tags: ['vpn'] }),
    await open({ subject: 'B', priority: 'high', assigneeId: core.acme.agents.agent.id }),
    await open({ subject: 'C 100% _sure_', contactEmail: 'casey@customer.example', description: 'back\\slash' }),
    await open({ subject: 'D', category: 'bug', tags: ['vpn', 'mac'] }),
    await open({ subject: 'E', contactEmail: 'casey@customer.example', priority: 'urgent' }),
  ];
  await core.client.request(
    updateTicket,
    { ticket: tickets[3]!.id, status: 'pending' },
    { actor: core.actorOf(core.acme) },
  );
  await core.client.request(openTicket, { subject: 'Theirs', tags: ['vpn'] }, { actor: core.actorOf(core.globex) });
  await indexed();
}, 60_000);
afterAll(() => core.close());

describe('the list of tickets', () => {
  it('is newest first and ends at the organisation’s wall', async () => {
    expect(await subjects({})).toEqual(['E', 'D', 'C 100% _sure_', 'B', 'A']);
  });

  it.each([
    [{ status: 'open' }, 'EC…BA'],
    [{ status: 'waiting' }, 'D'],
    [{ status: ['open', 'pending'] }, 'EDC…BA'],
    [{ priority: 'low,high' }, 'BA'],
    [{ priority: 'critical' }, 'E'],
    [{ category: 'billing,bug' }, 'DA'],
    [{ assigneeId: 'none' }, 'EDC…A'],
    [{ contactEmail: 'CASEY@customer.example' }, 'EC…'],
    [{ contactEmail: 'nobody@customer.example' }, ''],
    [{ tag: 'vpn' }, 'DA'],
    [{ tag: 'vp' }, ''],
    [{ tag: 'VPN,nothing' }, 'DA'],
    [{ tagAll: 'vpn,mac' }, 'D'],
    [{ priority: 'low,high', sort: 'created' }, 'AB'],
    [{ number: '1,#3' }, 'C…A'],
    [{ number: [2, 999_999_999] }, 'B'],
    [{ source: 'api' }, 'EDC…BA'],
    [{ source: 'email' }, ''],
    [{ kind: 'outage' }, ''],
    [{ teamId: 'none' }, 'EDC…BA'],
    [{ unassigned: true }, 'EDC…A'],
    [{ unassigned: 'false' }, 'B'],
    [{ unassigned: 'false', assigneeId: 'none' }, ''],
    [{ sla: 'none' }, ''],
    [{ sla: 'ok' }, 'EC…BA'],
    [{ sla: 'paused' }, 'D'],
    [{ sla: ['paused', 'ok'] }, 'EDC…BA'],
    [{ createdFrom: '2020-01-01', createdTo: '2020-12-31' }, ''],
    [{ createdFrom: '2020-01-01', updatedFrom: '2020-01-01T00:00:00+02:00' }, 'EDC…BA'],
    [{ resolvedFrom: '2020-01-01' }, ''],
    [{ entity: 'device:1' }, ''],
    [{ customFields: { plan: 'gold' } }, ''],
    [{ watching: 'me' }, ''],
    [{ sort: '-priority' }, 'EDC…BA'.replace('EDC…BA', 'EBDC…A')],
    [{ sort: 'priority' }, 'AC…DBE'],
    [{ sort: 'number' }, 'ABC…DE'],
    [{ sort: '-updated' }, 'DEC…BA'],
    [{ sort: 'status' }, 'ABC…ED'],
    [{ sort: '-messageCount' }, 'EDC…BA'],
    [{ sort: 'slaDeadline', status: 'open' }, 'EBC…A'],
    [{ sort: 'slaDeadline' }, 'EBC…AD'],
    [{ sort: '-slaDeadline' }, 'DAC…BE'],
    [{ text: '100%' }, 'C…'],
    [{ text: '%' }, ''],
    [{ text: 'sur' }, 'C…'],
    [{ text: 'BACK\\slas' }, 'C…'],
    [{ text: 'slash -back' }, ''],
    [{ text: '"slash back"' }, ''],
    [{ text: 'customer.example' }, 'EC…'],
    [{ text: '#3' }, 'C…'],
    [{ tag: 'vpn\0' }, 'DA'],
    [{ status: 'open', priority: 'low,urgent', contactEmail: 'casey@customer.example' }, 'E'],
  ])('is filtered by %j', async (input, expected) => {
    expect((await subjects(input)).join('').replace(' 100% _sure_', '…')).toBe(expected);
  });

  it('is filtered by assignee', async () => {
    expect(await subjects({ assigneeId: core.acme.agents.agent.id })).toEqual(['B']);
    expect(await subjects({ assigneeId: core.globex.agents.agent.id })).toEqual([]);
  });

  it('is filtered by what became of its clocks', async () => {
    expect(await subjects({ sla: 'breached' })).toEqual([]);
    const late = (id: string, what: string) =>
      core.sql(`UPDATE sla_clocks SET ${what}, next_at = NULL WHERE ticket_id = $1 AND target = 'resolution'`, [id]);
    await late(tickets[0]!.id, `warn_at = now() - interval '2 hours', due_at = now() - interval '1 hour'`);
    await late(tickets[1]!.id, `warn_at = now() - interval '1 hour'`);
    expect(await subjects({ sla: 'breached' })).toEqual(['A']);
    expect(await subjects({ sla: 'warning' })).toEqual(['B']);
  });

  it('is filtered by what no policy fitted, when it was opened or later', async () => {
    const policy = await core.sql<{ id: string }>(
      `UPDATE sla_trackings SET policy_id = NULL WHERE ticket_id = ANY($1::uuid[]) RETURNING old.policy_id AS id`,
      [[tickets[0]!.id, tickets[2]!.id]],
    );
    expect(policy[0]!.id).not.toBeNull();
    for (const sort of ['-created', 'created', '-updated', 'number'])
      expect([sort, (await subjects({ sla: 'none', sort })).toSorted()]).toEqual([sort, ['A', 'C 100% _sure_']]);
    await core.sql('UPDATE sla_trackings SET policy_id = $1 WHERE ticket_id = $2', [policy[0]!.id, tickets[0]!.id]);
    expect(await subjects({ sla: 'none,paused' })).toEqual(['D', 'C 100% _sure_']);
    await core.sql('UPDATE sla_trackings SET policy_id = $1 WHERE ticket_id = $2', [policy[0]!.id, tickets[2]!.id]);
    expect(await subjects({ sla: 'none' })).toEqual([]);
    const globex = core.actorOf(core.globex, 'admin');
    await core.sql('UPDATE sla_trackings SET policy_id = NULL WHERE org_id = $1', [core.globex.id]);
    expect((await core.client.request(listTickets, { sla: 'none' }, { actor: globex })).items).toHaveLength(1);
  });

  it('takes every filter together, with and without a cursor, on one connection', async () => {
    const all = {
      status: 'open',
      priority: 'low',
      category: 'billing',
      contactEmail: 'casey@customer.example',
      tag: 'vpn',
      text: 'A',
    };
    // More often than there are connections, so that each has met each statement.
    for (let round = 0; round < 30; round++) {
      for (const sla of ['breached', 'warning'] as const) {
        for (const assigneeId of ['none', core.acme.agents.agent.id]) {
          expect(await subjects({ ...all, sla, assigneeId })).toEqual([]);
        }
      }
    }
  }, 20_000);

  it('pages on where it was, while tickets come and go', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.nextCursor ?? undefined;
      await open({ subject: 'Newer' });
      await core.sql('UPDATE tickets SET deleted_at = now() WHERE subject = $1', ['Newer']);
      await open({ subject: `Newest ${seen.length}` });
    } while (cursor);
    expect(seen).toEqual(['E', 'D', 'C 100% _sure_', 'B', 'A']);
  });

  it('ends on the last row without a cursor, and tells tickets of one instant apart', async () => {
    const rows = await Promise.all(
      Array.from({ length: 7 }, (_, place) => open({ subject: `Tie ${place}`, tags: ['tie'] })),
    );
    await core.sql(`UPDATE tickets SET created_at = '2026-01-01T00:00:00Z' WHERE 'tie' = ANY(tags)`);
    const ids: string[] = [];
    let pages = 0;
    for (let cursor: string | null = null; pages === 0 || cursor; pages++) {
      const page: { items: TicketView[]; nextCursor: string | null } = await list({
        tag: 'tie',
        limit: pages === 0 ? 1 : 3,
        ...(cursor && { cursor }),
      });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(pages).toBe(3);
  });

  it.each([
    '',
    'x',
    Buffer.from('1 0190c1a2-0000-7000-8000-0000000000aa').toString('base64url'),
    Buffer.from(`2026-01-01T00:00:00.000Z ${'-'.repeat(36)}`).toString('base64url'),
    Buffer.from(`9999-99-99T00:00:00.000Z 0190c1a2-0000-7000-8000-0000000000aa`).toString('base64url'),
  ])('refuses the cursor “%s”', async (cursor) => {
    expect(await refusalOf(list({ cursor }))).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/cursor'] });
  });

  it('refuses a cursor of another sort, of other filters, and of another organisation’s list finds nothing of theirs', async () => {
    const { nextCursor } = await list({ limit: 1, status: 'open' });
    for (const other of [{ sort: 'created' }, { sort: '-updated' }, { status: 'pending' }, {}])
      expect(
        await refusalOf(list({ ...(!('sort' in other) ? {} : { status: 'open' }), ...other, cursor: nextCursor! })),
      ).toMatchObject({
        code: 'BAD_REQUEST',
        pointers: ['/cursor'],
      });
    const theirs = await core.client.request(
      listTickets,
      { status: 'open', cursor: nextCursor!, limit: 100 },
      { actor: core.actorOf(core.globex) },
    );
    expect(theirs.items.filter(({ subject }) => subject !== 'Theirs')).toEqual([]);
  });

  it.each([
    '-created',
    'created',
    '-updated',
    'priority',
    '-priority',
    'number',
    '-slaDeadline',
    'slaDeadline',
    'messageCount',
    'status',
    '-status',
  ] as const)('comes whole by pages of two in the order %s', async (sort) => {
    const whole = (await list({ sort, limit: 100 })).items.map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: TicketView[]; nextCursor: string | null } = await list({
        sort,
        limit: 2,
        ...(cursor && { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor && seen.length < 200);
    expect(seen).toEqual(whole);
  });

  it.each(['slaDeadline', '-slaDeadline'] as const)(
    'has tickets without a deadline last in the order %s',
    async (sort) => {
      const deadlines = await core.sql<{ id: string; sla_deadline: Date }>(
        'SELECT id, sla_deadline FROM tickets WHERE org_id = $1 AND sla_deadline IS NOT NULL ORDER BY number LIMIT 3',
        [core.acme.id],
      );
      const without = deadlines.map(({ id }) => id);
      await core.sql('UPDATE tickets SET sla_deadline = NULL WHERE id = ANY($1)', [without]);
      try {
        const ids = (await list({ sort, limit: 100 })).items.map(({ id }) => id);
        expect(ids.slice(-3).toSorted()).toEqual(without.toSorted());
        const pages: string[] = [];
        for (let cursor: string | null = null; ;) {
          const page: { items: TicketView[]; nextCursor: string | null } = await list({
            sort,
            limit: 1,
            ...(cursor && { cursor }),
          });
          pages.push(...page.items.map(({ id }) => id));
          cursor = page.nextCursor;
          if (cursor === null || pages.length > 100) break;
        }
        expect(pages).toEqual(ids);
      } finally {
        for (const { id, sla_deadline: at } of deadlines)
          await core.sql('UPDATE tickets SET sla_deadline = $2 WHERE id = $1', [id, at]);
      }
    },
  );

  it('counts what matches, when asked', async () => {
    expect(await list({ tag: 'vpn', total: true })).toMatchObject({ total: 2 });
    expect(await list({ tag: 'vpn', limit: 1, total: 'true' })).toMatchObject({ total: 2 });
    expect(await list({ tag: 'vpn' })).not.toHaveProperty('total');
  });

  it('takes an unknown filter for a mistake, and names it', async () => {
    const { status, body } = await core.http('/api/v1/tickets?colour=red');
    expect([status, body['code'], JSON.stringify(body)]).toEqual([
      400,
      'BAD_REQUEST',
      expect.stringContaining('colour'),
    ]);
  });

  it('takes custom fields, repetitions and aliases over HTTP', async () => {
    await open({
      subject: 'Gold',
      customFields: { plan: 'Gold', seats: 12 },
      entity: { type: 'device', id: 'Pump-7' },
      tags: ['a,b'],
    });
    for (const query of [
      'customFields.plan=gold',
      'customFields.plan=silver,gold&customFields.seats=12',
      'entity=device:pump-7',
      'customFields[plan]=Gold',
    ])
      expect([query, (await core.http(`/api/tickets?${query}`)).body['items']]).toMatchObject([
        query,
        [{ subject: 'Gold' }],
      ]);
    expect((await core.http('/api/tickets?status=waiting&status=pending')).body['items']).toMatchObject([
      { subject: 'D' },
    ]);
  });

  it('shows an agent who is restricted to teams those tickets and their own', async () => {
    const team = '0190c1a2-0000-7000-8000-0000000000aa';
    await core.sql(`INSERT INTO teams VALUES ($1, $2, 'One', 'one', '', now(), now(), NULL)`, [core.acme.id, team]);
    await core.sql('UPDATE tickets SET team_id = $1 WHERE id = ANY($2)', [team, [tickets[0]!.id, tickets[1]!.id]]);
    await core.sql('INSERT INTO team_members SELECT $1, $2, $3, now()', [
      core.acme.id,
      team,
      core.acme.agents.agent.id,
    ]);
    await core.sql('UPDATE tickets SET assignee_id = $1 WHERE id = $2', [core.acme.agents.agent.id, tickets[4]!.id]);
    await core.sql('UPDATE agents SET restricted_to_teams = true WHERE id = $1', [core.acme.agents.agent.id]);
    try {
      const seen = async (input: object) => {
        const { items } = await core.client.request(listTickets, input, { actor: core.actorOf(core.acme) });
        return items.map(({ subject }) => subject).join('');
      };
      await waitFor(async () => (await seen({})) === 'EBA', 'the restriction to be known');
      expect([await seen({ sort: 'number' }), await seen({ tag: 'vpn' }), await seen({ text: 'D' })]).toEqual([
        'ABE',
        'A',
        '',
      ]);
      const found = await core.client.request(searchTickets, { q: 'A' }, { actor: core.actorOf(core.acme) });
      expect(found.items.map(({ ticket }) => ticket.subject)).toEqual(['A']);
    } finally {
      await core.sql('UPDATE agents SET restricted_to_teams = false');
      await core.sql('UPDATE tickets SET assignee_id = NULL WHERE id = $1', [tickets[4]!.id]);
    }
  });

  it('shows deleted tickets to managers only', async () => {
    await core.sql('UPDATE tickets SET deleted_at = now() WHERE id = $1', [tickets[0]!.id]);
    try {
      expect((await refusalOf(list({ deleted: true }))).code).toBe('FORBIDDEN');
      const manager = core.actorOf(core.acme, 'manager');
      const { items } = await core.client.request(listTickets, { deleted: true, tag: 'vpn' }, { actor: manager });
      expect(items.map(({ subject }) => subject)).toEqual(['A']);
    } finally {
      await core.sql('UPDATE tickets SET deleted_at = NULL WHERE id = $1', [tickets[0]!.id]);
    }
  });

  it('ends a page early when its texts could not travel', async () => {
    const description = 'ä'.repeat(200_000);
    for (let place = 0; place < 4; place++) await open({ subject: `Long ${place}`, description, tags: ['long'] });
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: { items: TicketView[]; nextCursor: string | null } = await list({
        tag: 'long',
        ...(cursor && { cursor }),
      });
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['Long 3', 'Long 2', 'Long 1', 'Long 0']);
  });

  it('shows contacts their own tickets only, and finds nothing of internal notes', async () => {
    const actor = core.contactOf(core.acme, tickets[2]!.contact!.id);
    const post = (content: string, isInternalNote: boolean) =>
      core.client.request(
        postMessage,
        { ticket: tickets[2]!.id, content, isInternalNote },
        { actor: core.actorOf(core.acme, 'admin') },
      );
    await post('The frobnicator is to blame', true);
    await post('We look into your gearbox', false);
    await indexed();
    const seen = async (input: object) =>
      (await core.client.request(listTickets, input, { actor })).items.map(({ subject }) => subject);
    const found = async (q: string) =>
      (await core.client.request(searchTickets, { q }, { actor })).items.map(({ ticket, snippet }) => [
        ticket.subject,
        snippet,
      ]);
    expect(await seen({})).toEqual(['E', 'C 100% _sure_']);
    expect(await seen({ contactId: core.globex.id })).toEqual([]);
    expect([await seen({ text: 'gearbox' }), await seen({ text: 'frobnicator' }), await seen({ text: '#1' })]).toEqual([
      ['C 100% _sure_'],
      [],
      [],
    ]);
    expect(await seen({ text: 'gearbox -frobnicator' })).toEqual(['C 100% _sure_']);
    expect([await found('frobnicator'), await found('#1')]).toEqual([[], []]);
    expect(await found('gearb')).toEqual([['C 100% _sure_', 'look into your «gearbox»']]);
  });
});

describe('the search', () => {
  const search = async (input: object, actor = core.actorOf(core.acme, 'admin')) =>
    core.client.request(searchTickets, input as { q: string }, { actor });
  const found = async (q: string, more: object = {}) =>
    (await search({ q, ...more })).items.map(({ ticket }) => ticket.subject);

  beforeAll(async () => {
    await open({ subject: 'Printer jams on page two', description: 'It happens when printing invoices.' });
    await open({
      subject: 'Invoice',
      description: 'The printer is fine.',
      contactEmail: 'marianne.schmidt@brewery.example',
      contactName: 'Marianne Schmidt',
    });
    await open({ subject: 'Le café est fermé', description: 'x', category: 'bug' });
    await core.client.request(openTicket, { subject: 'Printer of another desk' }, { actor: core.actorOf(core.globex) });
    await indexed();
  });

  it.each([
    ['printer', ['Printer jams on page two', 'Invoice']],
    ['print', ['Printer jams on page two', 'Invoice']],
    ['invoices', ['Invoice', 'Printer jams on page two']],
    ['"page two"', ['Printer jams on page two']],
    ['"two page"', []],
    ['printer -invoice', []],
    ['printer -fine', ['Printer jams on page two']],
    ['schmidt', ['Invoice']],
    ['marianne brewery', ['Invoice']],
    ['marianne.schmidt@brewery.example', ['Invoice']],
    ['cafe', ['Le café est fermé']],
    ['jams or café', ['Printer jams on page two', 'Le café est fermé']],
    ['prin', ['Printer jams on page two', 'Invoice']],
    ['prin*', ['Printer jams on page two', 'Invoice']],
    ['*', []],
    ['caf', ['Le café est fermé']],
    ['page tw', ['Printer jams on page two']],
    ['brew', ['Invoice']],
    ['prin -fine', ['Printer jams on page two']],
    ["' & | ! <-> :* ( \\", []],
    ['zzzzzz', []],
  ])('finds by %s', async (q, expected) => {
    expect((await found(q)).toSorted()).toEqual(expected.toSorted());
  });

  it('finds by a beginning of more words than are looked for one by one', async () => {
    const many = Array.from({ length: 310 }, (_, n) => `quartz${n}`).join(' ');
    await open({ subject: 'Many of them', description: many });
    await open({ subject: 'The longest', description: `quartz's "quartzite-and-marble" quartzofeldspathic` });
    await indexed();
    expect((await found('quart')).toSorted()).toEqual(['Many of them', 'The longest']);
    expect(await found('quartzof')).toEqual(['The longest']);
  });

  it('puts the subject before the contact before the text', async () => {
    expect(await found('printer')).toEqual(['Printer jams on page two', 'Invoice']);
    expect(await found('invoice')).toEqual(['Invoice', 'Printer jams on page two']);
  });

  it('forgives a slip, and says what it looked for instead', async () => {
    expect(await search({ q: 'prinetr' })).toMatchObject({ didYouMean: 'printer', items: [{}, {}] });
    expect(await search({ q: 'Schmitd' })).toMatchObject({
      didYouMean: 'schmidt',
      items: [{ ticket: { subject: 'Invoice' } }],
    });
    expect(await search({ q: 'printer' })).toMatchObject({ didYouMean: null, more: false });
  });

  it('takes the filters of the list, and shows where', async () => {
    expect(await found('printer', { createdTo: '2020-01-01' })).toEqual([]);
    expect(await found('cafe', { category: 'bug' })).toEqual(['Le café est fermé']);
    expect((await search({ q: 'invoices', contactEmail: 'casey@customer.example' })).items).toEqual([]);
    const [first] = (await search({ q: 'printing' })).items;
    expect(first!.snippet).toContain('«printing»');
  });

  it('finds a ticket by its number first', async () => {
    expect((await found('#2'))[0]).toBe('B');
    expect((await found('2'))[0]).toBe('B');
  });

  it('answers the same over HTTP, and refuses what it does not know', async () => {
    const { body } = await core.http('/api/v1/search?q=printer&limit=1');
    expect(body).toMatchObject({ items: [{ ticket: { subject: 'Printer jams on page two' } }] });
    expect(await core.http('/api/search?q=')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await core.http('/api/search?q=x&colour=red')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect((await core.http('/api/search?q=x', { key: '' })).status).toBe(401);
  });

  it('never shows one organisation what another one wrote', async () => {
    const theirs = await search({ q: 'printer or invoice or café' }, core.actorOf(core.globex));
    expect(theirs.items.map(({ ticket }) => ticket.subject)).toEqual(['Printer of another desk']);
    expect((await search({ q: 'Schmitd' }, core.actorOf(core.globex))).didYouMean).toBeNull();
    const app = new Client({ connectionString: core.database.appUrl });
    await app.connect();
    try {
      // Asked as the service’s role itself: who says for nobody gets nothing, and whoever says for Globex gets Globex’s.
      const ask = async (orgId: string | null) => {
        await app.query('BEGIN');
        if (orgId) await app.query(`SELECT set_config('app.org_id', $1, true)`, [orgId]);
        const { rows } = await app.query(
          `SELECT t.org_id FROM newest_matches('printer', 1000) n LEFT JOIN tickets t ON t.id = n.ticket_id`,
        );
        const words = await app.query(`SELECT word FROM similar_words('schmidt', 10)`);
        await app.query('ROLLBACK');
        return [rows, words.rowCount];
      };
      expect(await ask(null)).toEqual([[], 0]);
      expect(await ask(core.globex.id)).toEqual([[{ org_id: core.globex.id }], 0]);
      expect((await ask(core.acme.id))[1]).toBe(1);
      for (const text of [
        `DELETE FROM ticket_search`,
        `INSERT INTO ticket_facets SELECT * FROM ticket_facets`,
        `UPDATE search_words SET word = 'x'`,
      ])
        await expect(app.query(text)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await app.end();
    }
  });

  it('follows what changes: edits, deletions, renamed contacts, another language', async () => {
    const ticket = await open({ subject: 'Changing', contactEmail: 'old@names.example', contactName: 'Oldname' });
    const message = await core.client.request(
      postMessage,
      { ticket: ticket.id, content: 'aardvark' },
      { actor: core.actorOf(core.acme, 'admin') },
    );
    await indexed();
    expect([await found('aardvark'), await found('oldname')]).toEqual([['Changing'], ['Changing']]);
    await core.sql('UPDATE messages SET deleted_at = now() WHERE id = $1', [message.id]);
    await core.sql(`UPDATE contacts SET name = 'Newname' WHERE email = 'old@names.example'`);
    await core.client.request(
      updateTicket,
      { ticket: ticket.id, subject: 'Läufer' },
      { actor: core.actorOf(core.acme, 'admin') },
    );
    await indexed();
    expect([await found('aardvark'), await found('oldname'), await found('newname'), await found('laufer')]).toEqual([
      [],
      [],
      ['Läufer'],
      ['Läufer'],
    ]);
  });

  it('keeps what holds more words than Postgres can, as far as it goes', async () => {
    const many = Array.from({ length: 28_000 }, (_, at) => `w${at.toString(36)}x`)
      .join(' ')
      .slice(0, 200_000);
    const ticket = await open({ subject: 'Endless', description: many });
    for (let at = 0; at < 3; at++)
      await core.client.request(
        postMessage,
        { ticket: ticket.id, content: many.replaceAll('w', `${at}ü`) },
        { actor: core.actorOf(core.acme, 'admin') },
      );
    await indexed();
    expect(await found('endless')).toEqual(['Endless']);
    expect(await found('w0x')).toEqual(['Endless']);
  }, 30_000);
});
