import { LINK_KINDS, type LinkKind, type LinkView, type LinkWord } from '#shared/contracts/links.js';
import type { Priority, Status } from '#shared/contracts/values.js';

/** A link as it is kept, with the ticket at its other end. `outward`: it was said from the ticket that is looked at. */
export interface LinkRow {
  id: string | null;
  kind: LinkKind | 'split_into' | 'follow_up' | 'duplicate';
  outward: boolean;
  other_id: string;
  number: number;
  subject: string;
  status: Status;
  priority: Priority;
  team_id: string | null;
  assignee_id: string | null;
  contact_id: string | null;
  created_at: Date;
}

const OTHER_WORDS = {
  split_into: ['split_into', 'split_from'],
  follow_up: ['follow_up_of', 'followed_up_by'],
  duplicate: ['duplicate_of', 'duplicated_by'],
} as const;

const wordOf = ({ kind, outward }: Pick<LinkRow, 'kind' | 'outward'>): LinkView['kind'] => {
  const [there, back] =
    kind in OTHER_WORDS
      ? OTHER_WORDS[kind as keyof typeof OTHER_WORDS]
      : [kind as LinkKind, LINK_KINDS[kind as LinkKind]];
  return outward ? there : back;
};

export const linkViewOf = (row: LinkRow): LinkView => ({
  id: row.id,
  kind: wordOf(row),
  ticket: {
    id: row.other_id,
    number: row.number,
    subject: row.subject,
    status: row.status,
    priority: row.priority,
  },
  createdAt: row.created_at.toISOString(),
});

const isKind = (word: LinkWord): word is LinkKind => word in LINK_KINDS;

/**
 * One way to keep what can be said from either end: `a is_blocked_by b` is `b blocks a`. What means the same from both ends
 * is kept from the smaller id, so that it is one link whoever says it first.
 */
export function asKept(word: LinkWord, ticket: string, to: string): { kind: LinkKind; from: string; to: string } {
  if (!isKind(word)) {
    const [kind] = (Object.entries(LINK_KINDS) as [LinkKind, LinkWord][]).find(([, back]) => back === word)!;
    return { kind, from: to, to: ticket };
  }
  const turned = LINK_KINDS[word] === word && to < ticket;
  return turned ? { kind: word, from: to, to: ticket } : { kind: word, from: ticket, to };
}
