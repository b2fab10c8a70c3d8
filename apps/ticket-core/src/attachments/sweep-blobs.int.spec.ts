import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { LocalBlobs } from '#shared/blobs/local-blobs.js';
import { postMessage } from '#shared/contracts/messages.js';
import { openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { TestCore, waitFor } from '../../../../test/support/core.js';
import { SWEEP_LOCK, SweepBlobs } from './sweep-blobs.js';

let core: TestCore;
let store: LocalBlobs;
let ticket: TicketView;
beforeAll(async () => {
  core = await TestCore.start();
  store = new LocalBlobs(core.blobFolder);
}, 60_000);
afterAll(() => core.close());
beforeEach(async () => {
  ticket = await core.client.request(openTicket, { subject: 'x' }, { actor: core.actorOf(core.acme) });
});

let made = 0;
/** A file of this content, uploaded by its organisation's administrator. */
async function upload(content = `file ${++made}`): Promise<{ id: string; key: string }> {
  const response = await fetch(`${core.url}/api/v1/tickets/${ticket.id}/attachments`, {
    method: 'POST',
    body: content,
    headers: { authorization: `Bearer ${core.acme.apiKey}` },
  });
  const { items } = (await response.json()) as { items: { id: string; sha256: string }[] };
  const { id, sha256 } = items[0]!;
  return { id, key: `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}` };
}
const agoHours = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const age = (key: string, hours: number) => utimes(join(core.blobFolder, key), agoHours(hours), agoHours(hours));
const isThere = async (key: string) => (await store.stat(key)) !== null;
const sweep = () => core.app.get(SweepBlobs).execute();
const post = (id: string) =>
  core.client.request(
    postMessage,
    { ticket: ticket.id, content: 'x', isInternalNote: true, attachmentIds: [id] },
    { actor: core.actorOf(core.acme) },
  );

describe('the sweeper', () => {
  it('keeps what somebody refers to, however old, and what is young', async () => {
    const [posted, waiting, orphan] = [await upload(), await upload(), await store.put(Buffer.from('young orphan'))];
    await post(posted.id);
    const mail = await store.put(Buffer.from('a raw mail'));
    await core.sql(
      `INSERT INTO inbound_mails (org_id, id, sender, envelope, blob_key, sha256, size_bytes, received_at, state, disposition)
       VALUES ($1, gen_random_uuid(), 'a', '{}', $2, 'a', 1, now(), 'filed', 'duplicate')`,
      [core.acme.id, mail.key],
    );
    for (const { key } of [posted, waiting, mail]) await age(key, 1_000);
    expect(await sweep()).toMatchObject({ removed: 0, expired: 0 });
    for (const { key } of [posted, waiting, mail, orphan]) expect([key, await isThere(key)]).toEqual([key, true]);
  });

  it('removes what nobody refers to after two days', async () => {
    const orphan = await store.put(Buffer.from('an old orphan'));
    const almost = await store.put(Buffer.from('not yet'));
    await age(orphan.key, 49);
    await age(almost.key, 47);
    expect(await sweep()).toMatchObject({ removed: 1 });
    expect([await isThere(orphan.key), await isThere(almost.key)]).toEqual([false, true]);
  });

  it('lets uploads go that nobody posted in a day, and their bytes two days later', async () => {
    const { id, key } = await upload();
    await age(key, 100);
    await core.sql(`UPDATE attachments SET uploaded_at = now() - interval '25 hours' WHERE id = $1`, [id]);
    expect(await sweep()).toMatchObject({ expired: 1, removed: 0 });
    expect((await core.http(`/api/v1/attachments/${id}`)).status).toBe(404);
    expect(await isThere(key)).toBe(true);
    await core.sql(`UPDATE attachments SET deleted_at = now() - interval '49 hours' WHERE id = $1`, [id]);
    expect(await sweep()).toMatchObject({ expired: 0, removed: 1 });
    expect(await isThere(key)).toBe(false);
  });

  it('keeps bytes as long as another organisation, or another row, has them', async () => {
    const content = 'the same for two';
    const [one, two] = [await upload(content), await upload(content)];
    await core.sql(`UPDATE attachments SET deleted_at = now() - interval '99 hours' WHERE id = $1`, [one.id]);
    await post(two.id);
    await age(one.key, 100);
    expect(await sweep()).toMatchObject({ removed: 0 });
    expect(await isThere(two.key)).toBe(true);
  });

  it('never takes what is uploaded again at this moment', async () => {
    for (let round = 0; round < 10; round++) {
      const content = `comes again ${round}`;
      const { key } = await store.put(Buffer.from(content));
      await age(key, 100);
      const [, again] = await Promise.all([sweep(), upload(content)]);
      expect(again.key).toBe(key);
      const response = await core.http(`/api/v1/attachments/${again.id}`);
      expect([response.status, response.body['text']]).toEqual([200, content]);
    }
  });

  it('touches nothing of a store that is another database’s', async () => {
    // Alone there: whatever the tests before have left is not old.
    const keys = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => (await store.put(Buffer.from(`theirs ${n}`))).key),
    );
    for (const key of keys) await age(key, 100);
    for await (const page of store.list(1_000)) for (const { key } of page) if (!keys.includes(key)) await age(key, 0);
    expect(await sweep()).toMatchObject({ removed: 0 });
    // One that is known: it is ours after all.
    const ours = await upload();
    await post(ours.id);
    await age(ours.key, 100);
    expect(await sweep()).toMatchObject({ removed: 100 });
    expect(await isThere(ours.key)).toBe(true);
  });

  it('is one at a time, whatever number of cores there is', async () => {
    const other = new Client({ connectionString: core.database.workerUrl });
    await other.connect();
    try {
      await other.query('SELECT pg_advisory_lock($1)', [SWEEP_LOCK]);
      expect(await sweep()).toBeNull();
    } finally {
      await other.end();
    }
    expect(await waitFor(() => sweep(), 'the lock to be free')).toMatchObject({ expired: 0 });
  });
});
