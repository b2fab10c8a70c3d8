import { describe, expect, it } from '@jest/globals';
import { LINK_KINDS, type LinkWord } from '#shared/contracts/links.js';
import { asKept, type LinkRow, linkViewOf } from './link.view.js';

const [A, B] = ['0190c1a2-0000-7000-8000-00000000000a', '0190c1a2-0000-7000-8000-00000000000b'];
const row = (overrides: Partial<LinkRow>): LinkRow => ({
  id: null,
  kind: 'blocks',
  outward: true,
  other_id: B,
  number: 1,
  subject: 'x',
  status: 'open',
  priority: 'low',
  team_id: null,
  assignee_id: null,
  contact_id: null,
  created_at: new Date(0),
  ...overrides,
});

describe('links between tickets', () => {
  it('is one link, whichever end says it', () => {
    for (const [there, back] of Object.entries(LINK_KINDS) as [LinkWord, LinkWord][]) {
      expect(asKept(there, A, B)).toEqual(asKept(back, B, A));
      expect(asKept(there, B, A)).toEqual(asKept(back, A, B));
    }
    expect(asKept('relates_to', B, A)).toEqual({ kind: 'relates_to', from: A, to: B });
    expect(asKept('blocks', B, A)).toEqual({ kind: 'blocks', from: B, to: A });
    expect(asKept('child_of', A, B)).toEqual({ kind: 'parent_of', from: B, to: A });
  });

  it('reads in the words of either end', () => {
    const kinds = ['relates_to', 'blocks', 'causes', 'parent_of', 'split_into', 'follow_up', 'duplicate'] as const;
    const words = kinds.map((kind) => [true, false].map((outward) => linkViewOf(row({ kind, outward })).kind));
    expect(words).toEqual([
      ['relates_to', 'relates_to'],
      ['blocks', 'is_blocked_by'],
      ['causes', 'is_caused_by'],
      ['parent_of', 'child_of'],
      ['split_into', 'split_from'],
      ['follow_up_of', 'followed_up_by'],
      ['duplicate_of', 'duplicated_by'],
    ]);
  });
});
