import type { Actor } from '#shared/contracts/actor.js';
import { UNDO_MERGE_WITHIN_MS } from '#shared/contracts/merges.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import type { MergeRow } from './merge.view.js';

/** Whoever merged may take it back, and so may a manager. (That they may change both tickets is asked of each ticket.) */
export const mayUndo = (actor: Actor, merge: Pick<MergeRow, 'merged_by'>): boolean =>
  actor.kind === 'system' ||
  (actor.kind === 'agent' &&
    (actor.role === 'manager' || actor.role === 'admin' || (merge.merged_by !== null && merge.merged_by === actor.id)));

export const undoUntil = (mergedAt: Date): Date => new Date(mergedAt.getTime() + UNDO_MERGE_WITHIN_MS);

export function demandUndo(actor: Actor, merge: Pick<MergeRow, 'merged_by' | 'merged_at'>, nowMs: number): void {
  if (!mayUndo(actor, merge))
    throw new DeskError('FORBIDDEN', 'Only who merged the tickets, or a manager, may take that back');
  const until = undoUntil(merge.merged_at);
  if (nowMs > until.getTime())
    throw new DeskError('UNPROCESSABLE', `It is too late: this merge could be undone until ${until.toISOString()}`);
}

type Mergeable = Pick<TicketRow, 'id' | 'number' | 'status' | 'duplicate_of' | 'contact_id'>;

/** Why two tickets cannot become one, and which of them is to blame; `both`: it is one and the same. */
export interface CannotMerge {
  why: string;
  about: 'source' | 'survivor' | 'both';
}

/**
 * Why this ticket cannot become part of that one now; null when it can. `mergedInto` is the number of the ticket that either
 * became part of before.
 */
export function whyNot(source: Mergeable, survivor: Mergeable, mergedInto: number | null): CannotMerge | null {
  const [part, whole] = [`#${source.number}`, `#${survivor.number}`];
  if (source.id === survivor.id) return { about: 'both', why: `${part} cannot become part of itself` };
  if (survivor.duplicate_of !== null)
    return { about: 'survivor', why: `${whole} is part of #${mergedInto} itself: merge into that one` };
  if (source.duplicate_of !== null) return { about: 'source', why: `${part} is part of #${mergedInto} already` };
  if (survivor.status === 'closed')
    return { about: 'survivor', why: `${whole} is closed and takes no messages: merge into one that is not` };
  if (survivor.contact_id === null && source.contact_id !== null) {
    const why = `${whole} has no customer and ${part} has one, who would hear no answer: merge ${whole} into ${part}`;
    return { about: 'survivor', why };
  }
  return null;
}
