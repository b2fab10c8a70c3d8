import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimPost, findPost, releasePost, settlePost } from '#shared/contracts/posts.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const actor = () => core.serviceOf(core.acme);
const claim = (key: string, org = core.acme) =>
  core.client.request(
    claimPost,
    { surface: 'slack', key, ticketId: null, leaseMs: 1_000 },
    { actor: core.serviceOf(org) },
  );
const settle = (key: string, ref: string) =>
  core.client.request(settlePost, { surface: 'slack', key, ref }, { actor: actor() });

describe('a post', () => {
  it('is one caller’s of many at once; the others are told that it is being made', async () => {
    const outcomes = (await Promise.all(Array.from({ length: 10 }, () => claim('card:1')))).map(
      ({ outcome }) => outcome,
    );
    expect(outcomes.toSorted()).toEqual([...Array.from({ length: 9 }, () => 'busy'), 'yours']);
  });

  it('is there for everybody once it was settled, by its key and by its place', async () => {
    await claim('card:2');
    await settle('card:2', 'C1:1.0');
    expect(await claim('card:2')).toMatchObject({ outcome: 'posted', post: { ref: 'C1:1.0', state: 'posted' } });
    const find = (by: { key: string } | { ref: string }, org = core.acme) =>
      core.client.request(findPost, { surface: 'slack', ...by }, { actor: core.serviceOf(org) });
    expect(await find({ ref: 'C1:1.0' })).toMatchObject({ key: 'card:2' });
    expect(await find({ key: 'card:2' })).toMatchObject({ ref: 'C1:1.0' });
    expect(await find({ ref: 'C1:1.0' }, core.globex)).toBeNull();
    expect((await claim('card:2', core.globex)).outcome).toBe('yours');
    expect(await refusalOf(settle('card:never', 'C1:2.0'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is one other’s when its maker died, who is told since when to look', async () => {
    const { post } = await claim('card:3');
    await core.sql(`UPDATE posts SET lease_until = now() - interval '1 second' WHERE key = 'card:3'`);
    const again = await Promise.all(Array.from({ length: 8 }, () => claim('card:3')));
    expect(again.map(({ outcome }) => outcome).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => 'busy'),
      'reclaimed',
    ]);
    expect(again.every((one) => one.post.claimedAt === post.claimedAt)).toBe(true);
  });

  it('is free at once when it was given back, and stays where it is when it was made', async () => {
    await claim('card:4');
    const release = (key: string) => core.client.request(releasePost, { surface: 'slack', key }, { actor: actor() });
    await release('card:4');
    expect((await claim('card:4')).outcome).toBe('reclaimed');
    await settle('card:4', 'C1:4.0');
    await release('card:4');
    expect((await claim('card:4')).outcome).toBe('posted');
  });
});
