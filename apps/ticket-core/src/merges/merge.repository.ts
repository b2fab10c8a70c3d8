import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { MergeLedger } from './merge-ledger.js';
import type { MergeRow } from './merge.view.js';

/** One ticket on the way from a merged one to the survivor. */
export interface WayRow {
  id: string;
  number: number;
  duplicate_of: string | null;
  /** Whether the merge that leads on from here keeps the customers apart. */
  apart: boolean;
}

/** A ticket of those that are one now, with who takes part in it. */
export interface FamilyRow {
  id: string;
  number: number;
  contact_id: string | null;
  email: string | null;
  cc: string[];
}

/** Follows the merges up, each ticket once, whatever rows may say. The ticket itself comes first, the survivor last. */
const WAY = statement(
  'merges.way',
  `WITH RECURSIVE way AS (
     SELECT t.id, t.number, t.duplicate_of, 0 AS step, ARRAY[t.id] AS seen FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.id = $1
     UNION ALL
     SELECT t.id, t.number, t.duplicate_of, way.step + 1, way.seen || t.id FROM way
     JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = way.duplicate_of
     WHERE NOT t.id = ANY (way.seen)
   )
   SELECT way.id, way.number, way.duplicate_of, m.apart IS TRUE AS apart FROM way
   LEFT JOIN ticket_merges m
     ON m.org_id = (SELECT current_org()) AND m.source_id = way.id AND m.survivor_id = way.duplicate_of AND m.undone_at IS NULL
   ORDER BY way.step`,
);
/** The ticket and all that became part of it, at whatever remove (UNION meets each once). */
const FAMILY = statement(
  'merges.family',
  `WITH RECURSIVE family AS (
     SELECT $1::uuid AS id
     UNION
     SELECT t.id FROM family JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.duplicate_of = family.id
   )
   SELECT t.id, t.number, t.contact_id, c.email, t.cc FROM family
   JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = family.id
   LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id`,
);
/** Of one company: named so at both, or by the domain of their addresses where nobody named one. */
const SAME_COMPANY = statement(
  'merges.same-company',
  // MATERIALIZED: behind row-level security a domain is looked up by index only once it is a value of its own.
  `WITH people AS MATERIALIZED (
     SELECT company_id, split_part(email, '@', 2) AS domain FROM contacts
     WHERE org_id = (SELECT current_org()) AND id IN ($1, $2)
   ), companies AS (
     SELECT CASE WHEN p.company_id IS NOT NULL THEN p.company_id ELSE d.company_id END AS id
     FROM people p LEFT JOIN company_domains d ON d.org_id = (SELECT current_org()) AND d.domain = p.domain
   ) SELECT count(id) = 2 AND count(DISTINCT id) = 1 AS same FROM companies`,
);
const MARK = statement(
  'merges.mark',
  'UPDATE tickets SET duplicate_of = $2 WHERE org_id = (SELECT current_org()) AND id = $1',
);
const ADD = statement(
  'merges.add',
  `INSERT INTO ticket_merges (org_id, id, source_id, survivor_id, moved, merged_at, merged_by, apart)
   VALUES ((SELECT current_org()), $1, $2, $3, $4, $5, $6, $7)`,
);
const LEDGER = statement(
  'merges.ledger',
  'UPDATE ticket_merges SET moved = $2 WHERE org_id = (SELECT current_org()) AND id = $1',
);
const UNDONE = statement(
  'merges.undone',
  'UPDATE ticket_merges SET undone_at = $2, undone_by = $3 WHERE org_id = (SELECT current_org()) AND id = $1',
);
const COLUMNS = `m.id, m.source_id, s.number AS source_number, s.subject AS source_subject, m.survivor_id,
    v.number AS survivor_number, v.subject AS survivor_subject, m.moved, m.apart, m.merged_by, m.merged_at, m.undone_at`;
const FROM = `FROM ticket_merges m
  JOIN tickets s ON s.org_id = m.org_id AND s.id = m.source_id
  JOIN tickets v ON v.org_id = m.org_id AND v.id = m.survivor_id`;
const SELECT = `SELECT ${COLUMNS} ${FROM}`;
const IN_FORCE = statement(
  'merges.in-force',
  `${SELECT} WHERE m.org_id = (SELECT current_org()) AND m.source_id = $1 AND m.undone_at IS NULL`,
);
const INTO = statement(
  'merges.into',
  `${SELECT} WHERE m.org_id = (SELECT current_org()) AND m.survivor_id = $1 AND m.undone_at IS NULL ORDER BY m.merged_at, m.id`,
);
const PAGE = statement(
  'merges.page',
  `SELECT ${COLUMNS}, o.contact_id, o.team_id, o.assignee_id ${FROM}
   JOIN tickets o ON o.org_id = m.org_id AND o.id = CASE WHEN m.source_id = $1 THEN m.survivor_id ELSE m.source_id END
   WHERE m.org_id = (SELECT current_org()) AND (m.source_id = $1 OR m.survivor_id = $1)
     AND ($2::timestamptz IS NULL OR (m.merged_at, m.id) < ($2::timestamptz, $3::uuid))
   ORDER BY m.merged_at DESC, m.id DESC LIMIT $4`,
);

/** With what says who may read the ticket at the other end. */
export type ListedMerge = MergeRow & Record<'contact_id' | 'team_id' | 'assignee_id', string | null>;

@Injectable()
export class MergeRepository {
  way(tx: Tx, ticketId: string): Promise<WayRow[]> {
    return tx.query<WayRow>(WAY, [ticketId]);
  }

  family(tx: Tx, ticketId: string): Promise<FamilyRow[]> {
    return tx.query<FamilyRow>(FAMILY, [ticketId]);
  }

  async sameCompany(tx: Tx, contactId: string, otherId: string): Promise<boolean> {
    const [row] = await tx.query<{ same: boolean }>(SAME_COMPANY, [contactId, otherId]);
    return row?.same ?? false;
  }

  /** `survivorId` null: it stands for itself again. */
  async mark(tx: Tx, sourceId: string, survivorId: string | null): Promise<void> {
    await tx.query(MARK, [sourceId, survivorId]);
  }

  async add(
    tx: Tx,
    merge: {
      id: string;
      sourceId: string;
      survivorId: string;
      moved: MergeLedger;
      mergedAt: Date;
      mergedBy: string | null;
      apart: boolean;
    },
  ): Promise<void> {
    const { id, sourceId, survivorId, moved, mergedAt, mergedBy, apart } = merge;
    await tx.query(ADD, [id, sourceId, survivorId, jsonb(moved), mergedAt, mergedBy, apart]);
  }

  async rewrite(tx: Tx, id: string, moved: MergeLedger): Promise<void> {
    await tx.query(LEDGER, [id, jsonb(moved)]);
  }

  async undone(tx: Tx, id: string, at: Date, by: string | null): Promise<void> {
    await tx.query(UNDONE, [id, at, by]);
  }

  /** By which the source is part of another now. */
  async inForce(tx: Tx, sourceId: string): Promise<MergeRow | null> {
    return (await tx.query<MergeRow>(IN_FORCE, [sourceId]))[0] ?? null;
  }

  /** By which others are part of this ticket now. */
  into(tx: Tx, survivorId: string): Promise<MergeRow[]> {
    return tx.query<MergeRow>(INTO, [survivorId]);
  }

  page(tx: Tx, ticketId: string, before: { at: string; id: string } | null, limit: number): Promise<ListedMerge[]> {
    return tx.query<ListedMerge>(PAGE, [ticketId, before?.at ?? null, before?.id ?? null, limit]);
  }
}
