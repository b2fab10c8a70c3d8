import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readPostRef, writePostRef } from '../posts/post-ref.js';
import { PostOnce } from '../posts/post-once.js';
import { buildClock, buildTicket } from '../test-tickets.js';
import { AlertFacts } from './alert-facts.js';
import { AlertPosts } from './alert-posts.js';

const log = { info: () => {}, warn: () => {}, debug: () => {} } as never;
const DUE = '2026-11-21T10:00:00.000Z';

// A digest collects for seconds, which nobody has to wait for.
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** What comes of it, with as much time gone by as it takes. */
async function settled<T>(work: Promise<T>): Promise<T> {
  const done = work.then(
    () => true,
    () => true,
  );
  const later = () => jest.advanceTimersByTimeAsync(50).then(() => false);
  while (!(await Promise.race([done, later()])));
  return work;
}

/** A core that keeps claims, and a Slack that keeps what is posted; each ticket by its id. */
function fakes() {
  const posts = new Map<string, { state: string; ref: string | null }>();
  const posted: string[] = [];
  const updated: string[] = [];
  const clock = { state: 'breached' as 'running' | 'breached' };
  const desk = {
    ask: async ({ subject }: { subject: string }, input: { key: string; ref: string; ticket: string }) => {
      const verb = subject.slice('desk.core.'.length);
      const known = posts.get(input.key);
      if (verb === 'tickets.get') {
        const number = Number(input.ticket.slice(-4));
        return buildTicket({ id: input.ticket, number, sla: [buildClock({ ...clock, dueAt: DUE })] });
      }
      if (verb === 'sla.get-tracking') return { policy: { name: 'P' } };
      if (verb === 'posts.find') return known ? { ...known, key: input.key } : null;
      if (verb === 'posts.settle') return posts.set(input.key, { state: 'posted', ref: input.ref });
      if (known?.state === 'posted') return { outcome: 'posted', post: known };
      if (known?.state === 'abandoned') return { outcome: 'reclaimed', post: { ...known, claimedAt: DUE } };
      if (known) return { outcome: 'busy', post: known };
      posts.set(input.key, { state: 'claimed', ref: null });
      return { outcome: 'yours', post: posts.get(input.key) };
    },
  } as never;
  const web = {
    call: async (method: string, args: object) => {
      const sent = posted.map((text, index) => ({
        ...(JSON.parse(text) as object),
        ts: `17000000${index + 1}.000100`,
      }));
      if (method === 'conversations.history') return { messages: sent };
      (method === 'chat.update' ? updated : posted).push(JSON.stringify(args));
      return { ts: `17000000${posted.length}.000100` };
    },
  } as never;
  const workspace = { alertsChannel: async () => 'C0ALERTS', doubt: () => {} } as never;
  const people = { withEmail: async () => null } as never;
  const link = { to: async () => null } as never;
  const facts = new AlertFacts(desk, people, log);
  const bot = () => new AlertPosts(desk, web, workspace, new PostOnce(desk, web, workspace, log), link, facts, log);
  const alerts = bot();
  const times = (number: number) => posted.filter((text) => text.includes(`#${number} `)).length;
  /** How often it was said to be late. */
  const late = (number: number) =>
    posted.filter((text) => new RegExp(`#${number} [^•]*late by|breached: first response of #${number} `).test(text))
      .length;
  /** As when the bot dies after Slack has it and before the core was told where. */
  const forget = (number: number) => {
    for (const [key, post] of posts) if (key.includes(`${number}:`)) post.state = 'abandoned';
  };
  return { alerts, bot, forget, posted, updated, times, late, clock };
}

const breach = (number: number) => ({
  level: 'breached' as const,
  ticketId: `0190c1a2-0000-7000-8000-00000000${number}`,
  target: 'first_response' as const,
  cycle: 1,
});

describe('a flood of breaches', () => {
  it('tells of each once, alone or in a digest, however often its event comes', async () => {
    const { alerts, posted, times } = fakes();
    const numbers = Array.from({ length: 35 }, (_, index) => 1_001 + index);
    const raise = (some: readonly number[]) =>
      settled(Promise.all(some.map((number) => alerts.raise(breach(number), DUE))));
    await raise(numbers);
    expect(posted).toHaveLength(10 + 2);
    expect(numbers.map(times)).toEqual(numbers.map(() => 1));
    // The whole stream again, as after a crash before the acknowledgements.
    await raise(numbers.toReversed());
    expect(numbers.map(times)).toEqual(numbers.map(() => 1));
    expect(posted).toHaveLength(10 + 2);
  });

  it('tells of a breach whose warning stood in a digest, once', async () => {
    const { alerts, times } = fakes();
    const warn = (number: number) => ({ ...breach(number), level: 'warning' as const });
    await settled(Promise.all(Array.from({ length: 12 }, (_, index) => alerts.raise(breach(2_001 + index), DUE))));
    // The clock of the fake is breached already: a warning that comes late tells of the breach.
    await settled(alerts.raise(warn(3_001), DUE));
    await settled(alerts.raise(breach(3_001), DUE));
    expect(times(3_001)).toBe(1);
  });
});

describe('a warning and its breach close together', () => {
  it.each([
    ['in one digest', 0],
    ['in a digest and the next', 21],
  ])('both count, %s: the breach is told, once', async (_where, between) => {
    const { alerts, late, clock } = fakes();
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => alerts.raise(breach(from + index), DUE));
    await settled(Promise.all(many(2_001, 10)));
    clock.state = 'running';
    const warning = () => alerts.raise({ ...breach(4_001), level: 'warning' }, DUE);
    const waiting = [warning()];
    await jest.advanceTimersByTimeAsync(50);
    clock.state = 'breached';
    waiting.push(...many(5_001, between), alerts.raise(breach(4_001), DUE));
    await settled(Promise.all(waiting));
    expect(late(4_001)).toBe(1);
    await settled(Promise.all([alerts.raise(breach(4_001), DUE), warning()]));
    expect(late(4_001)).toBe(1);
  });
});

describe('a bot that died before it noted where a digest is', () => {
  it.each([
    ['alone', 0],
    ['in a digest', 10],
  ])('finds it there, and never writes one alert over those of others: its next %s', async (_how, before) => {
    const { alerts, bot, forget, posted, updated, late } = fakes();
    const some = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
    const raise = (posts: AlertPosts, numbers: readonly number[]) =>
      settled(Promise.all(numbers.map((number) => posts.raise(breach(number), DUE))));
    await raise(alerts, some(2_001, 15));
    const inDigest = some(2_001, 15).filter((number) => posted[10]!.includes(`#${number} `));
    expect([posted.length, inDigest.length]).toEqual([11, 5]);
    inDigest.forEach(forget);

    const reborn = bot();
    await raise(reborn, some(6_001, before));
    await raise(reborn, inDigest);
    expect(updated.filter((text) => inDigest.some((number) => text.includes(`#${number} `)))).toEqual([]);
    expect(inDigest.map(late)).toEqual([1, 1, 1, 1, 1]);
  });

  it('tells of the breach where the digest only warned of it', async () => {
    const { alerts, bot, forget, late, clock } = fakes();
    await settled(Promise.all(Array.from({ length: 10 }, (_, index) => alerts.raise(breach(2_001 + index), DUE))));
    clock.state = 'running';
    const warn = (number: number) => alerts.raise({ ...breach(number), level: 'warning' }, DUE);
    await settled(Promise.all([warn(4_001), warn(4_002)]));
    forget(4_001);
    clock.state = 'breached';
    await settled(bot().raise(breach(4_001), DUE));
    expect([late(4_001), late(4_002)]).toEqual([1, 0]);
  });
});

describe('where a post is', () => {
  it.each([
    { channel: 'C0', ts: '1.2' },
    { channel: 'C0', ts: '1.2', inDigest: true },
    { channel: 'C0', ts: '1.2', inDigest: true, isBreach: true },
  ])('is read as it was written: %j', (ref) => expect(readPostRef(writePostRef(ref))).toEqual(ref));
});
