import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createOrganisation,
  findOrganisation,
  getOrganisation,
  listOrganisations,
  updateOrganisation,
} from '#shared/contracts/organisations.js';
import { openTicket } from '#shared/contracts/tickets.js';
import { readNatsUrl } from '#shared/messaging/connect-nats.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { refusalOf, TestCore, pointersOf } from '../../../../test/support/core.js';
import { TestNats } from '../../../../test/support/nats.js';
import { Database } from '../database/database.js';
import { SettingsBook } from './settings-book.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const DEFAULTS = {
  timezone: 'UTC',
  autoCloseDays: 7,
  ticketLanguage: 'english',
  mentionsNotify: true,
  maxAttachmentBytes: 26_214_400,
};
const patch = (json: object, key?: string) =>
  core.http('/api/v1/organisation', { method: 'PATCH', json, ...(key && { key }) });

describe('the settings of an organisation', () => {
  it('have defaults, and are read by everybody of the desk', async () => {
    const { body } = await core.http('/api/organisation');
    expect(body).toMatchObject({ slug: 'acme', name: 'ACME', supportAddress: 'support@acme.test', settings: DEFAULTS });
    for (const role of ['viewer', 'agent'] as const) {
      const actor = core.actorOf(core.acme, role);
      expect((await core.client.request(getOrganisation, {}, { actor })).settings).toEqual(DEFAULTS);
      expect(await refusalOf(core.client.request(updateOrganisation, { name: 'x' }, { actor }))).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    const ticket = await core.http('/api/v1/tickets', { json: { subject: 'x', contactEmail: 'c@customer.example' } });
    const contact = core.contactOf(core.acme, (ticket.body['contact'] as { id: string }).id);
    expect(await refusalOf(core.client.request(getOrganisation, {}, { actor: contact }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('are changed one by one, used at once, and written down', async () => {
    const book = core.app.get(SettingsBook);
    const used = () => core.app.get(Database).tenant(core.acme.id, (tx) => book.of(tx, core.acme.id));
    expect((await used()).timezone).toBe('UTC');
    expect((await patch({ settings: { timezone: 'Europe/Berlin' } })).body['settings']).toEqual({
      ...DEFAULTS,
      timezone: 'Europe/Berlin',
    });
    expect((await patch({ name: 'Acme 支援', settings: { autoCloseDays: 0 } })).body).toMatchObject({
      name: 'Acme 支援',
      settings: { timezone: 'Europe/Berlin', autoCloseDays: 0 },
    });
    expect(await used()).toMatchObject({ timezone: 'Europe/Berlin', autoCloseDays: 0 });
    const { items } = (await core.http('/api/v1/audit?subjectType=organisation')).body as { items: unknown[] };
    expect(items).toMatchObject([
      {
        action: 'updated',
        oldValue: { name: 'ACME', autoCloseDays: 7 },
        newValue: { name: 'Acme 支援', autoCloseDays: 0 },
      },
      { newValue: { timezone: 'Europe/Berlin' } },
    ]);
    await patch({ name: 'Acme 支援' });
    expect(((await core.http('/api/v1/audit?subjectType=organisation')).body['items'] as unknown[]).length).toBe(2);
    expect((await core.http('/api/v1/organisation', { key: core.globex.apiKey })).body['settings']).toEqual(DEFAULTS);
  });

  it.each([
    ['a zone that there is not', { settings: { timezone: 'Europe/Atlantis' } }, '/settings/timezone'],
    ['an offset', { settings: { timezone: '+01:00' } }, '/settings/timezone'],
    ['too many days', { settings: { autoCloseDays: 366 } }, '/settings/autoCloseDays'],
    ['half a day', { settings: { autoCloseDays: 1.5 } }, '/settings/autoCloseDays'],
    ['a language that Postgres has not', { settings: { ticketLanguage: 'klingon' } }, '/settings/ticketLanguage'],
    ['a setting that there is not', { settings: { theme: 'dark' } }, '/settings'],
    ['another slug', { slug: 'other' }, ''],
    ['no name', { name: '  ' }, '/name'],
    ['no address', { supportAddress: 'support' }, '/supportAddress'],
  ])('refuse %s', async (_, json, pointer) => {
    const answer = await patch(json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, [pointer]]);
  });

  it('know every language that Postgres can search in', async () => {
    const known = await core.sql<{ name: string }>('SELECT cfgname AS name FROM pg_ts_config');
    const { TICKET_LANGUAGES } = await import('#shared/contracts/organisations.js');
    const names = new Set(known.map(({ name }) => name));
    expect(TICKET_LANGUAGES.filter((language) => !names.has(language))).toEqual([]);
  });

  it('keep two changes at once', async () => {
    await Promise.all([
      patch({ settings: { autoCloseDays: 30 } }),
      patch({ settings: { mentionsNotify: false } }),
      patch({ settings: { ticketLanguage: 'german' } }),
    ]);
    expect((await core.http('/api/v1/organisation')).body['settings']).toMatchObject({
      autoCloseDays: 30,
      mentionsNotify: false,
      ticketLanguage: 'german',
    });
  });

  it('take another support address and keep the first one’s mail', async () => {
    expect((await patch({ supportAddress: 'Hello@acme.test' })).body['supportAddress']).toBe('hello@acme.test');
    const own = await core.sql('SELECT address FROM mailboxes WHERE org_id = $1 ORDER BY created_at', [core.acme.id]);
    expect(own).toEqual([{ address: 'hello@acme.test' }, { address: 'support@acme.test' }]);
    expect((await core.client.request(findOrganisation, { slug: 'acme' })).supportAddress).toBe('hello@acme.test');
    expect((await patch({ supportAddress: 'support@acme.test' })).body['supportAddress']).toBe('support@acme.test');
    // Neither another organisation's address nor one of its domain.
    for (const supportAddress of ['support@globex.test', 'billing@globex.test']) {
      const answer = await patch({ supportAddress });
      expect([answer.status, pointersOf(answer)]).toEqual([409, ['/supportAddress']]);
    }
  });
});

const ORG = {
  slug: 'initech',
  name: 'Initech',
  supportAddress: 'help@initech.test',
  adminEmail: 'Peter@initech.test',
  adminName: 'Peter',
  timezone: 'America/Chicago',
};

describe('an organisation made at the command line', () => {
  it('is whole: its administrator opens tickets with deadlines by the key that was printed', async () => {
    const { organisation, admin, apiKey } = await core.client.request(createOrganisation, ORG);
    expect(organisation).toMatchObject({ slug: 'initech', settings: { ...DEFAULTS, timezone: 'America/Chicago' } });
    expect(admin).toMatchObject({ email: 'peter@initech.test', name: 'Peter', role: 'admin' });
    expect(apiKey).toMatch(/^dw_initech_/);
    const opened = await core.http('/api/v1/tickets', { json: { subject: 'First', priority: 'urgent' }, key: apiKey });
    expect(opened).toMatchObject({ status: 201, body: { number: 1 } });
    expect(opened.body['slaDeadline']).toEqual(expect.any(String));
    expect((await core.http('/api/v1/keys', { key: apiKey })).body['items']).toMatchObject([{ name: 'The first key' }]);
    expect((await core.http('/api/v1/audit', { key: apiKey })).body['items']).toMatchObject([
      { action: 'created', subjectType: 'organisation', surface: 'cli', actor: { kind: 'system' } },
    ]);
    // And nothing of anybody else.
    expect((await core.http('/api/v1/tickets', { key: apiKey })).body['items']).toHaveLength(1);
  });

  it('is refused whole for a slug or an address that is taken, also when two are made at once', async () => {
    const slug = await refusalOf(core.client.request(createOrganisation, { ...ORG, supportAddress: 'x@initech.test' }));
    expect(slug).toMatchObject({ code: 'CONFLICT', pointers: ['/slug'] });
    const address = refusalOf(core.client.request(createOrganisation, { ...ORG, slug: 'other' }));
    expect(await address).toMatchObject({ code: 'CONFLICT', pointers: ['/supportAddress'] });
    expect(await core.sql(`SELECT 1 FROM organisations WHERE slug = 'other'`)).toEqual([]);
    const raced = await Promise.allSettled(
      Array.from({ length: 4 }, (_, at) =>
        core.client.request(createOrganisation, { ...ORG, slug: 'raced', supportAddress: `r${at}@raced.test` }),
      ),
    );
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['a slug with capitals', { slug: 'Initech' }, '/slug'],
    ['an address that is none', { adminEmail: 'peter' }, '/adminEmail'],
    ['a zone that there is not', { timezone: 'Nowhere/Land' }, '/timezone'],
    ['no name', { name: '' }, '/name'],
  ])('is refused with %s', async (_, wrong, pointer) => {
    const refusal = await refusalOf(core.client.request(createOrganisation, { ...ORG, ...wrong }));
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST', pointers: [pointer] });
  });

  it('is in the list, page by page', async () => {
    const first = await core.client.request(listOrganisations, { limit: 2 });
    expect(first).toMatchObject({ items: [{ slug: 'acme', agents: 4 }, { slug: 'globex' }], nextAfter: 'globex' });
    const rest = await core.client.request(listOrganisations, { after: 'globex' });
    expect(rest.items.map(({ slug }) => slug)).toEqual(['initech', 'raced']);
    expect(rest.nextAfter).toBeNull();
  });

  it('is not made by a service: the bus lets only who runs the desk ask', async () => {
    // Nobody answers on this one, so what is not refused is UNAVAILABLE.
    const bus = await TestNats.start();
    for (const [name, url] of Object.entries(bus.users).filter(([user]) => user !== 'ticket-core')) {
      const nats = await connect({ ...readNatsUrl(url), timeout: 3_000 });
      const client = new ContractClient(nats);
      const asked = await refusalOf(client.request(createOrganisation, ORG, { timeoutMs: 600 }));
      const listed = await refusalOf(client.request(listOrganisations, {}, { timeoutMs: 600 }));
      const other = await refusalOf(
        client.request(openTicket, { subject: 'x' }, { actor: core.serviceOf(core.acme), timeoutMs: 600 }),
      );
      const nobodyThere = expect.stringContaining('Nobody answers') as unknown;
      const refused = expect.not.stringContaining('Nobody answers') as unknown;
      const allowed = name === 'cli' || name === 'admin';
      expect([name, asked.message]).toEqual([name, allowed ? nobodyThere : refused]);
      expect([name, listed.message]).toEqual([name, allowed ? nobodyThere : refused]);
      // Tickets are the Slack bot's business; mail comes in by contracts of its own.
      expect([name, other.message]).toEqual([name, name === 'slack-bot' || name === 'admin' ? nobodyThere : refused]);
      await nats.close();
    }
    await bus.stop();
  });
});
