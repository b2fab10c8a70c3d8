import { describe, expect, it } from '@jest/globals';
import { filingWaves, requestsThatFit } from './filing-order.policy.js';
import type { MailInHand } from './read-claimed-mail.js';

const mail = (id: string, over: { from?: string; answers?: string[]; orgId?: string } = {}): MailInHand =>
  ({
    claimed: { orgId: over.orgId ?? 'acme', envelope: { mailFrom: over.from ?? `${id}@x.example` } },
    facts: { messageId: `<${id}>`, from: null },
    thread: { messageIds: (over.answers ?? []).map((one) => `<${one}>`) },
  }) as unknown as MailInHand;
const names = (waves: MailInHand[][]) => waves.map((wave) => wave.map(({ facts }) => facts.messageId));

describe('filing waves', () => {
  it('files unrelated mails together', () => {
    expect(names(filingWaves([mail('a'), mail('b'), mail('c')]))).toEqual([['<a>', '<b>', '<c>']]);
  });

  it('files an answer after what it answers, and a chain link by link', () => {
    const waves = filingWaves([
      mail('a'),
      mail('b', { answers: ['a'] }),
      mail('c', { answers: ['a', 'b'] }),
      mail('d'),
    ]);
    expect(names(waves)).toEqual([['<a>', '<d>'], ['<b>'], ['<c>']]);
  });

  it('keeps a sender’s mails in order behind one that waits', () => {
    const waves = filingWaves([mail('a'), mail('b', { from: 'casey', answers: ['a'] }), mail('c', { from: 'casey' })]);
    expect(names(waves)).toEqual([['<a>'], ['<b>', '<c>']]);
  });

  it('files the same Message-ID twice one after the other, but not across organisations', () => {
    const waves = filingWaves([mail('a'), mail('a', { from: 'y' }), mail('a', { orgId: 'other' })]);
    expect(waves.map((wave) => wave.length)).toEqual([2, 1]);
  });
});

describe('requests that fit', () => {
  it('fills each up to its room, in order, and gives a giant one of its own', () => {
    expect(requestsThatFit([4, 4, 4, 20, 1], (n) => n, 10)).toEqual([[4, 4], [4], [20], [1]]);
  });
});
