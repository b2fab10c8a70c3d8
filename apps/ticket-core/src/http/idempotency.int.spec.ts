import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../../test/support/core.js';
import { ForgetIdempotencyKeys } from './forget-idempotency-keys.js';

// What was committed is never done again, wherever between its commit and its answer the service died.

let core: TestCore;
beforeAll(async () => void (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const post = (key: string, json: object, path = '/tickets') =>
  core.http(`/api/v1${path}`, { json, headers: { 'idempotency-key': key } });
const countOf = async (subject: string) =>
  (await core.sql('SELECT 1 FROM tickets WHERE subject = $1', [subject])).length;
const later = (key: string) =>
  core.sql(`UPDATE idempotency_keys SET created_at = now() - interval '2 minutes' WHERE key LIKE '%:' || $1`, [key]);
const statusOf = async (key: string) =>
  (await core.sql<{ status: number }>(`SELECT status FROM idempotency_keys WHERE key LIKE '%:' || $1`, [key]))[0]
    ?.status;

/** As if the service died after its work: nothing that is an answer can be kept. */
async function withoutAnswers(work: () => Promise<void>): Promise<void> {
  await core.sql(
    `CREATE FUNCTION no_answers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW.status >= 200 OR NEW.status < 0 THEN RAISE EXCEPTION 'gone'; END IF; RETURN NEW; END $$`,
  );
  await core.sql(
    `CREATE TRIGGER no_answers BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION no_answers()`,
  );
  try {
    await work();
  } finally {
    await core.sql('DROP TRIGGER no_answers ON idempotency_keys; DROP FUNCTION no_answers()');
  }
}

describe('Idempotency-Key of work whose answer was lost', () => {
  it('does not do it again, now or later, and says so', async () => {
    await withoutAnswers(async () => {
      expect((await post('lost', { subject: 'Lost' })).status).toBe(201);
    });
    expect(await statusOf('lost')).toBe(1);
    expect(await post('lost', { subject: 'Lost' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/still at work/) },
    });
    await later('lost');
    expect(await post('lost', { subject: 'Lost' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', detail: expect.stringMatching(/its answer was lost/) },
    });
    expect(await countOf('Lost')).toBe(1);
  });

  it('is marked in the transaction of the work: what was rolled back leaves the key free', async () => {
    await withoutAnswers(async () => {
      await post('refused', { subject: 'Refused', assignee: 'nobody' });
    });
    expect(await statusOf('refused')).toBe(0);
    await later('refused');
    expect((await post('refused', { subject: 'Refused' })).status).toBe(201);
    expect(await countOf('Refused')).toBe(1);
  });

  it('and of what only reads it is tried again', async () => {
    const { body } = await core.http('/api/v1/canned-responses', { json: { title: 'Hello', content: 'Hello' } });
    const path = `/canned-responses/${String(body['id'])}/render`;
    await withoutAnswers(async () => {
      expect((await post('read', {}, path)).status).toBe(200);
    });
    expect(await statusOf('read')).toBe(0);
    await later('read');
    expect((await post('read', {}, path)).status).toBe(200);
  });

  it('nor what failed after some of it was committed: who asks again is told at once', async () => {
    const made = async (email: string) => String((await core.http('/api/v1/contacts', { json: { email } })).body['id']);
    const [from, intoId] = [await made('one@merge.example'), await made('two@merge.example')];
    await core.http('/api/v1/tickets', { json: { subject: 'Open', contactEmail: 'one@merge.example' } });
    const path = `/contacts/${from}/merge`;
    // The contacts are one by then; what their open tickets are promised comes in transactions of its own.
    await core.sql(
      `CREATE FUNCTION no_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'gone'; END $$;
       CREATE TRIGGER no_events BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION no_events()`,
    );
    try {
      expect((await post('broken', { intoId }, path)).status).toBe(500);
    } finally {
      await core.sql('DROP TRIGGER no_events ON outbox; DROP FUNCTION no_events()');
    }
    expect((await core.http(`/api/v1/contacts/${intoId}`)).body).toMatchObject({
      emails: ['two@merge.example', 'one@merge.example'],
    });
    expect(await post('broken', { intoId }, path)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', detail: expect.stringMatching(/failed after some of its work was done/) },
    });
  });
});

describe('an Idempotency-Key of yesterday', () => {
  it('is forgotten, and no younger one', async () => {
    for (const key of ['old', 'young']) await post(key, { subject: `Twice ${key}` });
    await core.sql(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key LIKE '%:old'`);
    await core.app.get(ForgetIdempotencyKeys, { strict: false }).execute();
    for (const key of ['old', 'young']) await post(key, { subject: `Twice ${key}` });
    expect([await countOf('Twice old'), await countOf('Twice young')]).toEqual([2, 1]);
  });
});
