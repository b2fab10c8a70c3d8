import type { Actor } from '#shared/contracts/actor.js';
import { activity, type ActivityRow } from '../activities/activity.view.js';
import { isAnswer } from '../tickets/ticket-changes.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import type { SplitRow } from './split.repository.js';

export interface SplitPlan {
  /** Who asked: the first customer among the messages; null: nobody did. */
  customer: { id: string; name: string; email: string } | null;
  /** Whose words the ticket opens with. */
  first: SplitRow;
  /** The customer has waited since their message, wherever it stood; without one the ticket begins now. */
  openedAtMs: number;
}

/** What the new ticket is, from what is moved to it (in the order of the thread, not empty). */
export function splitPlan(moved: readonly SplitRow[], nowMs: number): SplitPlan {
  const asked = moved.find((one) => one.author_kind === 'contact' && one.contact_email !== null && !one.is_internal);
  const first = asked ?? moved[0]!;
  return {
    customer: asked ? { id: asked.author_id!, name: asked.contact_name ?? '', email: asked.contact_email! } : null,
    first,
    openedAtMs: asked ? asked.created_at.getTime() : nowMs,
  };
}

/** Whoever wrote a message, as an actor of the history. */
export const authorOf = (orgId: string, row: SplitRow): Actor => ({
  orgId,
  kind: row.author_kind,
  id: row.author_id,
  name: row.author_name,
  role: null,
  teamIds: null,
  surface: row.source as Actor['surface'],
});

/**
 * The new ticket's history: what was said after its opening, when it was said, so that its clocks know who answered. What
 * came before the customer asked is there to be read, and answered nothing.
 */
export function linesOf(orgId: string, ticketId: string, moved: readonly SplitRow[], plan: SplitPlan): ActivityRow[] {
  return after(moved, plan).map((row) => {
    const type = row.is_internal ? 'note_added' : 'message_added';
    return activity(authorOf(orgId, row), ticketId, type, row.created_at.getTime(), { to: { messageId: row.id } });
  });
}

export function firstAnswerOf(
  moved: readonly SplitRow[],
  plan: SplitPlan,
  ticket: Pick<TicketRow, 'contact_id' | 'creator_id'>,
): Date | null {
  const answer = after(moved, plan).find(
    (row) => !row.is_internal && isAnswer({ kind: row.author_kind, id: row.author_id }, ticket),
  );
  return answer?.created_at ?? null;
}

const after = (moved: readonly SplitRow[], { customer, first }: SplitPlan): readonly SplitRow[] =>
  customer ? moved.slice(moved.indexOf(first) + 1) : [];
