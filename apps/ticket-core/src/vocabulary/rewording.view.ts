import type { RewordingView } from '#shared/contracts/tags.js';

interface Rewording {
  from_name: string;
  to_name: string | null;
  changed: number;
  created_at: Date;
  finished_at: Date | null;
}

/** How far the tickets have followed. */
export const rewordingViewOf = (row: Rewording | undefined): RewordingView | null =>
  row
    ? {
        from: row.from_name,
        to: row.to_name,
        ticketsChanged: row.changed,
        startedAt: row.created_at.toISOString(),
        finishedAt: row.finished_at?.toISOString() ?? null,
      }
    : null;
