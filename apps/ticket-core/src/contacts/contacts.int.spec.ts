import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCompany, type CompanyView, deleteCompany, updateCompany } from '#shared/contracts/companies.js';
import {
  type ContactView,
  createContact,
  deleteContact,
  getContact,
  listContacts,
  mergeContacts,
  updateContact,
} from '#shared/contracts/contacts.js';
import { findThreads } from '#shared/contracts/mail-in.js';
import { listActivities, listMessages, postMessage } from '#shared/contracts/messages.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { Database } from '../database/database.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';
import { EnsureContacts } from './ensure-contacts.js';

let core: TestCore;
let count = 0;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

type Who = { actor: ReturnType<TestCore['actorOf']> };
const as = (role: 'viewer' | 'agent' | 'manager' | 'admin' = 'agent', overrides = {}): Who => ({
  actor: core.actorOf(core.acme, role, overrides),
});
const globex = (): Who => ({ actor: core.actorOf(core.globex, 'admin') });
const customer = (id: string): Who => ({ actor: core.contactOf(core.acme, id) });
/** An address that nobody had before. */
const fresh = (domain = 'customer.example') => `casey${(count += 1)}@${domain}`;
const make = (input: object = {}, who = as()): Promise<ContactView> =>
  core.client.request(createContact, { ...(!('emails' in input) && { email: fresh() }), ...input }, who);
const company = (input: object = {}, who = as()): Promise<CompanyView> =>
  core.client.request(createCompany, { name: `Company ${(count += 1)}`, ...input }, who);
const get = (id: string, who = as()) => core.client.request(getContact, { id }, who);
const change = (id: string, input: object, who = as()) => core.client.request(updateContact, { id, ...input }, who);
const open = (contactEmail: string, more: object = {}) =>
  core.client.request(openTicket, { subject: 'Help', contactEmail, ...more }, as());
const ensure = (...addresses: string[]) =>
  core.app.get(Database).tenant(core.acme.id, (tx) =>
    core.app.get(EnsureContacts).execute(
      tx,
      core.acme.id,
      addresses.map((address) => ({ address, name: '' })),
    ),
  );
const problems = (body: Record<string, unknown>) => (body['errors'] as { pointer: string; message: string }[]) ?? [];

describe('contacts', () => {
  it('are made, read, changed and deleted by HTTP, with and without v1', async () => {
    const [first, second] = [fresh(), fresh()];
    for (const path of ['/api/v1/contacts', '/api/contacts']) {
      const email = fresh();
      const made = await core.http(path, {
        json: {
          emails: [email, `More.${email}`],
          name: 'Casey Jones',
          company: 'Customer Ltd',
          phone: '+44 20 7946 0018',
        },
      });
      expect(made.status).toBe(201);
      const id = String(made.body['id']);
      const whole = {
        id,
        email,
        emails: [email, `more.${email}`],
        name: 'Casey Jones',
        phone: '+44 20 7946 0018',
        company: { name: 'Customer Ltd' },
        tickets: { open: 0, total: 0 },
      };
      expect((await core.http(`${path}/${id}`)).body).toMatchObject(whole);
      const patched = await core.http(`${path}/${id}`, { method: 'PATCH', json: { notes: 'VIP', phone: '' } });
      expect(patched.body).toMatchObject({ ...whole, notes: 'VIP', phone: null });
      expect((await core.http(`${path}/${id}`, { method: 'DELETE' })).body).toEqual({ success: true });
      expect((await core.http(`${path}/${id}`)).status).toBe(404);
      expect((await core.http(`${path}/${id}`, { method: 'DELETE' })).status).toBe(404);
    }
    const key = { headers: { 'idempotency-key': 'contact' }, json: { email: first, name: 'Once' } };
    const [once, again] = [await core.http('/api/v1/contacts', key), await core.http('/api/v1/contacts', key)];
    expect(again.body).toEqual(once.body);
    expect((await make({ email: second.toUpperCase() })).email).toBe(second);
  });

  it.each([
    [{}, '/email', 'is missing: must be an e-mail address'],
    [{ email: 'casey' }, '/email', 'must be an e-mail address, such as casey@customer.example'],
    [{ email: 'b@x\r\nRCPT TO:<c@y>' }, '/email', undefined],
    [{ emails: [] }, '/emails', 'must hold an address'],
    [{ emails: Array.from({ length: 21 }, (_, n) => `a${n}@x.example`) }, '/emails', undefined],
    [{ email: 'odd@x.example', name: 'x'.repeat(201) }, '/name', undefined],
    [{ email: 'odd@x.example', companyId: 'x' }, '/companyId', undefined],
    [{ email: 'odd@x.example', company: '' }, '/company', undefined],
    [
      { email: 'odd@x.example', company: 'A', companyId: '0198c0de-0000-7000-8000-000000000001' },
      '/company',
      'must not be sent together with companyId',
    ],
    [
      { email: 'odd@x.example', companyId: '0198c0de-0000-7000-8000-000000000001' },
      '/companyId',
      'is not a company of this organisation',
    ],
    [{ email: 'odd@x.example', adress: 'x' }, '', 'has no field “adress”'],
  ])('refuses %j and says why', async (json, pointer, message) => {
    const { status, body } = await core.http('/api/v1/contacts', { json });
    expect([status, problems(body)[0]?.pointer]).toEqual([400, pointer]);
    if (message !== undefined) expect(problems(body)[0]?.message).toBe(message);
    expect(await core.sql(`SELECT 1 FROM contacts WHERE email = 'odd@x.example'`)).toEqual([]);
  });

  it('are listed newest first, found by name, any address and company, page by page', async () => {
    const name = `Ŵîlliam %_\\ O’Neil ${(count += 1)}`;
    const one = await make({ name, emails: [fresh(), 'findme@further.example'], company: 'Findable & Sons' });
    const two = await make({ company: 'findable & sons' });
    expect(two.companyId).toBe(one.companyId);
    const find = async (query: object) =>
      (await core.client.request(listContacts, query, as('viewer'))).items.map(({ id }) => id);
    expect(await find({ q: 'îlliam %_\\' })).toEqual([one.id]);
    expect(await find({ q: 'FINDME@further' })).toEqual([one.id]);
    expect(await find({ q: 'findable &' })).toEqual([two.id, one.id]);
    expect(await find({ companyId: one.companyId! })).toEqual([two.id, one.id]);
    expect(await find({ companyId: one.companyId!, q: 'findme' })).toEqual([one.id]);
    expect(await find({ q: '%%%' })).toEqual([]);
    const all: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await core.client.request(listContacts, { limit: 2, ...(cursor && { cursor }) }, as());
      all.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const known = await core.sql<{ id: string }>(
      'SELECT id FROM contacts WHERE org_id = $1 AND deleted_at IS NULL ORDER BY id DESC',
      [core.acme.id],
    );
    expect(all).toEqual(known.map(({ id }) => id));
    expect((await core.http('/api/v1/contacts?cursor=abc')).status).toBe(400);
  });

  it('are found behind any number of newer ones, and no others', async () => {
    const org = core.globex;
    const key = org.apiKey;
    const old = async (json: object) => String((await core.http('/api/v1/contacts', { json, key })).body['id']);
    const ids = [
      await old({ name: 'ÜBERMUT Söhne', email: 'zq@rare.example' }),
      await old({ name: 'By address', emails: [fresh(), 'UberMut@further.example'] }),
      await old({ name: 'By company', email: fresh(), company: 'Übermut AG' }),
      await old({ name: '田中 太郎', email: fresh() }),
      await old({ name: 'Gone übermut', email: fresh() }),
    ] as [string, string, string, string, string];
    await core.http(`/api/v1/contacts/${ids[4]}`, { method: 'DELETE', key });
    const { companyId } = (await core.http(`/api/v1/contacts/${ids[2]}`, { key })).body;
    await core.sql(
      `INSERT INTO contacts (org_id, id, email, name, company_id) SELECT $1, uuidv7(), 'n' || n || '@newer.example', 'Newer ' || n, $2 FROM generate_series(1, 600) n`,
      [org.id, companyId],
    );
    const find = async (query: string) => {
      const found: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await core.http(`/api/v1/contacts?${query}${cursor}`, { key });
        found.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
        if (body['nextCursor'] === null) return found;
        cursor = `&cursor=${body['nextCursor'] as string}`;
      }
    };
    for (const [q, places] of [
      ['übermut söh', [0]],
      ['ÜBERMUT%20S', [0]],
      ['ubermut', [1]],
      ['rare.exam', [0]],
      ['zq', [0]],
      ['田中', [3]],
      ['太郎', [3]],
      ['nobody has this', []],
      ['vw', []],
    ] as const)
      expect([q, await find(`q=${q}`)]).toEqual([q, places.map((place) => ids[place])]);
    // Of the company are the newer ones too: 601 of them, then who has it in their own name.
    const uebermut = await find('q=bermut&limit=100');
    expect([uebermut.length, new Set(uebermut).size, uebermut.slice(-3)]).toEqual([603, 603, [ids[2], ids[1], ids[0]]]);
    for (const q of ['By%20com', 'By'])
      expect([q, await find(`companyId=${String(companyId)}&q=${q}`)]).toEqual([q, [ids[2]]]);
    expect(await find(`companyId=${String(companyId)}&q=rare.example`)).toEqual([]);
    expect(await find(`companyId=${String(companyId)}&limit=100`)).toHaveLength(601);
    expect(await find('q=n600@newer')).toHaveLength(1);
    // Not those of another organisation.
    expect((await core.http('/api/v1/contacts?q=bermut')).body['items']).toEqual([]);
  });

  it('are for people of the organisation, each by their role', async () => {
    const one = await make();
    for (const work of [
      (who: Who) => make({}, who),
      (who: Who) => change(one.id, { name: 'x' }, who),
      (who: Who) => core.client.request(deleteContact, { id: one.id }, who),
      (who: Who) => core.client.request(mergeContacts, { id: one.id, intoId: one.id }, who),
    ]) {
      expect(await refusalOf(work(as('viewer')))).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refusalOf(work(customer(one.id)))).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await refusalOf(core.client.request(mergeContacts, { id: one.id, intoId: one.id }, as()))).toMatchObject({
      code: 'FORBIDDEN',
    });
    // Not even themselves: what is noted of them is the desk's own.
    expect(await refusalOf(get(one.id, customer(one.id)))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(core.client.request(listContacts, {}, customer(one.id)))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await get(one.id, as('viewer'))).toMatchObject({ id: one.id });
  });

  it('are walled in by their organisation', async () => {
    const [one, other] = [await make(), await make({}, globex())];
    expect(await refusalOf(get(one.id, globex()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(change(one.id, { name: 'x' }, globex()))).toMatchObject({ code: 'NOT_FOUND' });
    for (const ids of [
      { id: one.id, intoId: other.id },
      { id: other.id, intoId: one.id },
    ]) {
      const refused = await refusalOf(core.client.request(mergeContacts, ids, as('admin')));
      expect(['NOT_FOUND', 'BAD_REQUEST']).toContain(refused.code);
    }
    // The same address may be somebody in each.
    expect(await make({ email: one.email }, globex())).toMatchObject({ email: one.email });
    const found = await core.client.request(listContacts, { q: one.email }, globex());
    expect(found.items.map(({ id }) => id)).not.toContain(one.id);
    expect((await core.http(`/api/v1/contacts/${one.id}/tickets`, { key: core.globex.apiKey })).status).toBe(404);
  });

  it('open tickets as themselves, and who is nobody’s contact opens none', async () => {
    const { id, email } = await make();
    const opened = await core.client.request(openTicket, { subject: 'Help' }, customer(id));
    expect(opened.contact).toMatchObject({ id, email });
    const work = core.client.request(openTicket, { subject: 'Help' }, customer(randomUUID()));
    expect(await refusalOf(work)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('have their tickets, and keep them when they are deleted', async () => {
    const one = await make();
    const ticket = await open(one.email);
    await core.client.request(updateTicket, { ticket: (await open(one.email)).id, status: 'closed' }, as());
    expect((await get(one.id)).tickets).toEqual({ open: 1, total: 2 });
    expect((await get(one.id, { actor: await core.addAgent(core.acme, { restrictedTo: [] }) })).tickets).toEqual({
      open: 0,
      total: 0,
    });
    const listed = await core.http(`/api/v1/contacts/${one.id}/tickets?status=open`);
    expect((listed.body['items'] as { id: string }[]).map(({ id }) => id)).toEqual([ticket.id]);
    const remove = (who: Who, force = false) => core.client.request(deleteContact, { id: one.id, force }, who);
    expect(await refusalOf(remove(as('manager')))).toMatchObject({ code: 'UNPROCESSABLE', pointers: ['/force'] });
    expect(await refusalOf(remove(as('agent'), true))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await core.http(`/api/v1/contacts/${one.id}?force`, { method: 'DELETE' })).status).toBe(200);
    expect(await core.client.request(getTicket, { ticket: ticket.id }, as())).toMatchObject({
      contact: { id: one.id, email: one.email },
    });
    // Who writes again is there again, as the same person.
    expect((await open(one.email)).contact?.id).toBe(one.id);
    expect(await get(one.id)).toMatchObject({ tickets: { total: 3 } });
  });
});

describe('addresses', () => {
  it('are added and removed, and each leads to its contact', async () => {
    const one = await make();
    const [second, third] = [fresh(), fresh()];
    const path = `/api/v1/contacts/${one.id}/addresses`;
    expect((await core.http(path, { json: { email: second.toUpperCase() } })).body).toMatchObject({
      emails: [one.email, second],
    });
    expect((await core.http(path, { json: { email: second } })).body).toMatchObject({ emails: [one.email, second] });
    await core.http(path, { json: { email: third } });
    expect((await open(third)).contact).toMatchObject({ id: one.id, email: one.email });
    expect((await core.http(`${path}/${encodeURIComponent(third)}`, { method: 'DELETE' })).body).toMatchObject({
      emails: [one.email, second],
    });
    expect((await core.http(`${path}/${encodeURIComponent(third)}`, { method: 'DELETE' })).status).toBe(404);
    expect((await open(third)).contact?.id).not.toBe(one.id); // it is somebody else's now
    // The first one may go: the next is where mail goes then.
    expect((await core.http(path, { method: 'DELETE', json: { email: one.email } })).body).toMatchObject({
      email: second,
      emails: [second],
    });
    const last = await core.http(`${path}/${second}`, { method: 'DELETE' });
    expect([last.status, last.body['code']]).toEqual([422, 'UNPROCESSABLE']);
  });

  it('change places', async () => {
    const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
    const { id } = await make({ emails: [a, b, c] });
    expect((await change(id, { email: c })).emails).toEqual([c, a, b]);
    expect((await change(id, { emails: [b, c] })).emails).toEqual([b, c]);
    expect((await change(id, { email: d })).emails).toEqual([d, b, c]);
    expect((await change(id, { email: a, emails: [c, a] })).emails).toEqual([a, c]);
    expect((await ensure(a, c)).get(c)?.id).toBe(id);
  });

  it('are one contact’s, ever, and it is said whose', async () => {
    const one = await make({ name: 'Casey Jones', emails: [fresh(), fresh()] });
    const other = await make();
    for (const address of one.emails) {
      for (const work of [
        make({ email: address }),
        make({ emails: [fresh(), address] }),
        change(other.id, { email: address }),
        change(other.id, { emails: [other.email, address] }),
      ]) {
        const refused = await refusalOf(work);
        expect(refused.code).toBe('CONFLICT');
        expect(refused.message).toContain('Casey Jones');
        expect(refused.pointers[0]).toMatch(/^\/emails?$/);
      }
    }
    expect((await get(other.id)).emails).toEqual([other.email]);
  });

  it('stay one contact’s when mails and people want them at once', async () => {
    const one = await make();
    for (let turn = 0; turn < 15; turn += 1) {
      const address = fresh();
      await Promise.allSettled([
        ensure(address),
        core.http(`/api/v1/contacts/${one.id}/addresses`, { json: { email: address } }),
        ensure(address),
        make({ email: address }),
      ]);
      const owners = await core.sql(
        `SELECT id FROM contacts WHERE org_id = $1 AND email = $2
         UNION ALL SELECT contact_id FROM contact_addresses WHERE org_id = $1 AND email = $2`,
        [core.acme.id, address],
      );
      expect(owners).toHaveLength(1);
      if (turn % 5 === 4) await change(one.id, { emails: [one.email] });
    }
  });

  it('cannot be two contacts’ even by a statement that nobody wrote', async () => {
    const [one, other] = [await make({ emails: [fresh(), fresh()] }), await make()];
    const stateOf = (text: string, values: unknown[]) =>
      core.sql(text, values).then(
        () => 'not refused',
        ({ code }: { code: string }) => code,
      );
    expect(
      await stateOf(`INSERT INTO contact_addresses VALUES ($1, $2, $3, now())`, [core.acme.id, one.email, other.id]),
    ).toBe('23505');
    expect(await stateOf(`UPDATE contacts SET email = $1 WHERE id = $2`, [one.emails[1], other.id])).toBe('23505');
  });
});

describe('mail of somebody with several addresses', () => {
  it('is threaded by any of them', async () => {
    const one = await make({ emails: [fresh(), fresh()] });
    const ticket = await open(one.email);
    const threads = () =>
      core.client.request(findThreads, { numbers: [ticket.number] }, { actor: core.serviceOf(core.acme) });
    expect((await threads()).candidates).toMatchObject([
      { ticketId: ticket.id, participants: expect.arrayContaining(one.emails), contactIds: [one.id] },
    ]);
    // And under the id that they had before they became one with another.
    const other = await make();
    await core.client.request(mergeContacts, { id: one.id, intoId: other.id }, as('manager'));
    expect((await threads()).candidates).toMatchObject([
      {
        participants: expect.arrayContaining([...one.emails, other.email]),
        contactIds: expect.arrayContaining([one.id, other.id]),
      },
    ]);
  });
});

describe('two contacts who are one person', () => {
  it('become one: tickets, messages and addresses move, and the old id and addresses lead there', async () => {
    const from = await make({
      name: 'C. Jones',
      emails: [fresh(), fresh()],
      phone: '1',
      notes: 'old',
      company: 'Merged Ltd',
    });
    const into = await make({ notes: 'new' });
    const ticket = await open(from.email);
    await core.client.request(postMessage, { ticket: ticket.id, content: 'It is me' }, customer(from.id));
    const merged = (await core.http(`/api/v1/contacts/${from.id}/merge`, { json: { intoId: into.id } })).body;
    expect(merged).toMatchObject({
      id: into.id,
      email: into.email,
      emails: [into.email, ...from.emails],
      name: 'C. Jones',
      phone: '1',
      notes: 'new\n\nold',
      company: { name: 'Merged Ltd' },
      tickets: { open: 1, total: 1 },
    });
    expect(await core.client.request(getTicket, { ticket: ticket.id }, as())).toMatchObject({
      contact: { id: into.id, email: into.email },
      version: expect.any(Number),
    });
    const { items } = await core.client.request(listMessages, { ticket: ticket.id }, as());
    expect(items.map(({ author }) => author.id)).toEqual([into.id]);
    const history = await core.client.request(listActivities, { ticket: ticket.id }, as());
    expect(history.items.find(({ type }) => type === 'contact_changed')).toMatchObject({
      oldValue: { contactId: from.id },
      newValue: { contactId: into.id },
    });
    expect((await get(from.id)).id).toBe(into.id);
    for (const address of from.emails) expect((await open(address)).contact?.id).toBe(into.id);
    // Once more: there is nobody left to merge, and chains end at the last one.
    const again = await refusalOf(core.client.request(mergeContacts, { id: from.id, intoId: into.id }, as('manager')));
    expect(again.code).toBe('NOT_FOUND');
    const last = await make();
    await core.client.request(mergeContacts, { id: into.id, intoId: last.id }, as('manager'));
    expect([(await get(from.id)).id, (await get(into.id)).id]).toEqual([last.id, last.id]);
    const [entry] = await core.sql(
      `SELECT action, subject_name FROM audit_entries WHERE subject_id = $1 AND action = 'merged'`,
      [from.id],
    );
    expect(entry).toEqual({ action: 'merged', subject_name: 'C. Jones' });
  });

  it('are not the same one', async () => {
    const one = await make();
    expect(
      await refusalOf(core.client.request(mergeContacts, { id: one.id, intoId: one.id }, as('manager'))),
    ).toMatchObject({
      code: 'BAD_REQUEST',
      pointers: ['/intoId'],
    });
    const [a, b] = [await make(), await make()];
    const both = await Promise.allSettled([
      core.client.request(mergeContacts, { id: a.id, intoId: b.id }, as('manager')),
      core.client.request(mergeContacts, { id: b.id, intoId: a.id }, as('manager')),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([(await get(a.id)).emails.sort(), (await get(b.id)).emails.sort()]).toEqual([
      [a.email, b.email].sort(),
      [a.email, b.email].sort(),
    ]);
  });
});

describe('companies', () => {
  it('have domains, and who writes from there for the first time is of them', async () => {
    const made = await core.http('/api/companies', {
      json: { name: 'Initech', domains: ['Initech.Example', 'initech.test'] },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Initech', domains: ['initech.example', 'initech.test'] },
    });
    const id = String(made.body['id']);
    const address = fresh('initech.example');
    const ticket = await open(address);
    expect(await get(ticket.contact!.id)).toMatchObject({ company: { id, name: 'Initech' } });
    expect(await make({ email: fresh('initech.test') })).toMatchObject({ companyId: id });
    expect(await make({ email: fresh('initech.test'), companyId: null })).toMatchObject({ companyId: null });
    expect(await make({ email: fresh('sub.initech.test') })).toMatchObject({ companyId: null });
    expect((await core.http(`/api/v1/companies/${id}`)).body).toMatchObject({
      contactCount: 2,
      tickets: { open: 1, total: 1 },
    });
    const people = await core.http(`/api/v1/companies/${id}/contacts`);
    expect(people.body['items']).toHaveLength(2);
    expect(((await core.http('/api/v1/companies?q=initech.te')).body['items'] as { id: string }[])[0]?.id).toBe(id);
  });

  it('are one of a name and of a domain, and claim no public provider', async () => {
    const one = await company({ name: 'Only One', domains: ['only.example'] });
    const refused = async (work: Promise<unknown>) => {
      const { code, pointers } = await refusalOf(work);
      return [code, ...pointers];
    };
    expect(await refused(company({ name: 'ONLY one' }))).toEqual(['CONFLICT', '/name']);
    expect(await refused(company({ domains: ['only.example'] }))).toEqual(['CONFLICT', '/domains']);
    expect(await refused(company({ domains: ['gmail.com'] }))).toEqual(['UNPROCESSABLE', '/domains']);
    expect(await refused(company({ domains: ['localhost'] }))).toEqual(['BAD_REQUEST', '/domains/0']);
    expect(await refused(company({ name: ' ' }))).toEqual(['BAD_REQUEST', '/name']);
    expect(await refused(company({}, as('viewer')))).toEqual(['FORBIDDEN']);
    expect(await refused(company({}, customer(one.id)))).toEqual(['FORBIDDEN']);
    expect(await refused(core.client.request(deleteCompany, { id: one.id }, as()))).toEqual(['FORBIDDEN']);
    expect(await refused(core.client.request(deleteCompany, { id: one.id }, globex()))).toEqual(['NOT_FOUND']);
    expect((await core.http(`/api/v1/companies/${one.id}`, { key: core.globex.apiKey })).status).toBe(404);
    const made = await Promise.allSettled(Array.from({ length: 6 }, () => make({ company: 'Raced Ltd' })));
    expect(new Set(made.map((each) => (each.status === 'fulfilled' ? each.value.companyId : null))).size).toBe(1);
  });

  it('are deleted without their people, and their domains and names are free again', async () => {
    const one = await company({ name: 'Gone Ltd', domains: ['gone.example'] });
    const person = await make({ companyId: one.id });
    await core.client.request(deleteCompany, { id: one.id }, as('manager'));
    expect((await get(person.id)).company).toBeNull();
    expect((await core.http(`/api/v1/companies/${one.id}`)).status).toBe(404);
    expect(await company({ name: 'Gone Ltd', domains: ['gone.example'] })).toMatchObject({ domains: ['gone.example'] });
  });

  it('decide which SLA policy open tickets have, and closed ones keep theirs', async () => {
    const named = await company();
    const policy = await core.http('/api/v1/sla/policies', {
      json: {
        name: 'For them',
        priority: 1_000,
        conditions: [{ field: 'company', operator: 'equals', value: named.name }],
        resolutionMinutes: 7,
      },
    });
    expect(policy.status).toBe(201);
    const person = await make();
    const policyOf = async (id: string) =>
      (
        await core.sql<{ policy_name: string | null }>('SELECT policy_name FROM sla_trackings WHERE ticket_id = $1', [
          id,
        ])
      )[0]?.policy_name;
    const [ticket, closed] = [await open(person.email), await open(person.email)];
    await core.client.request(updateTicket, { ticket: closed.id, status: 'closed' }, as());
    const before = await policyOf(ticket.id);
    expect(before).not.toBe('For them');
    await change(person.id, { companyId: named.id });
    expect(await policyOf(ticket.id)).toBe('For them');
    expect(await policyOf(closed.id)).not.toBe('For them');
    expect(await policyOf((await open(person.email)).id)).toBe('For them');
    await core.client.request(updateCompany, { id: named.id, name: `Renamed ${named.name}` }, as());
    expect(await policyOf(ticket.id)).toBe(before);
    expect((await core.client.request(getTicket, { ticket: ticket.id }, as())).contact).toMatchObject({
      company: { id: named.id, name: `Renamed ${named.name}` },
    });
  });
});
