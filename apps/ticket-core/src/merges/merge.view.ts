import type { MergeView } from '#shared/contracts/merges.js';
import { UNDO_MERGE_WITHIN_MS } from '#shared/contracts/merges.js';
import type { MergeLedger } from './merge-ledger.js';

/** A merge as the repository reads it, with the numbers and subjects of its tickets. */
export interface MergeRow {
  id: string;
  source_id: string;
  source_number: number;
  source_subject: string;
  survivor_id: string;
  survivor_number: number;
  survivor_subject: string;
  moved: MergeLedger;
  apart: boolean;
  merged_by: string | null;
  merged_at: Date;
  undone_at: Date | null;
}

export const mergeViewOf = (row: MergeRow): MergeView => ({
  id: row.id,
  source: { id: row.source_id, number: row.source_number, subject: row.source_subject },
  survivor: { id: row.survivor_id, number: row.survivor_number, subject: row.survivor_subject },
  keptApart: row.apart,
  moved: {
    messages: row.moved.messages.length,
    timeEntries: row.moved.time.filter((id) => !id.startsWith('timer:')).length,
    watchers: row.moved.watchers.length,
    links: row.moved.links.length,
  },
  mergedBy: row.merged_by,
  mergedAt: row.merged_at.toISOString(),
  undoUntil: new Date(row.merged_at.getTime() + UNDO_MERGE_WITHIN_MS).toISOString(),
  undoneAt: row.undone_at?.toISOString() ?? null,
});
