import { describe, expect, it } from '@jest/globals';
import { checkMessage } from '#slack/check-message.js';
import { changesLine } from '../threads/thread.cards.js';
import { buildTicket } from '../test-tickets.js';
import { ticketCard } from './ticket.cards.js';

const survivor = { id: '0190c1a2-0000-7000-8000-0000000000bb', number: 42 };
const merged = buildTicket({ status: 'closed', mergedInto: survivor });

describe('the card of a merged ticket', () => {
  it('says into which it was merged, and leads there', () => {
    const card = ticketCard(merged);
    expect(checkMessage(card)).toEqual([]);
    const text = JSON.stringify(card.blocks);
    expect(text).toContain('Merged into #42');
    expect(text).toContain('View #42');
    expect(text).toContain(survivor.id);
    expect(card.text).toContain('merged into #42');
  });

  it('offers nothing that would be refused', () => {
    const text = JSON.stringify(ticketCard(merged).blocks);
    for (const label of ['Reopen', 'Reply', 'Note', 'Take', 'Status…', 'Assign…']) expect(text).not.toContain(label);
    expect(JSON.stringify(ticketCard(buildTicket({ status: 'closed' })).blocks)).toContain('Reopen');
  });
});

describe('what is told in the threads', () => {
  it.each([
    [{ field: 'mergedInto', from: null, to: '#42' }, 'merged it into #42: go on there'],
    [{ field: 'mergedInto', from: '#42', to: null }, 'took it out of #42 again'],
    [{ field: 'merged', from: null, to: '#43' }, 'merged #43 into it'],
    [{ field: 'merged', from: '#43', to: null }, 'took #43 out of it again'],
    [{ field: 'split', from: null, to: '#44' }, 'split off #44'],
  ])('%j', (change, words) => {
    expect(changesLine('Bea', [change])?.text).toBe(`*Bea* ${words}`);
  });
});
