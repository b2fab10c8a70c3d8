import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface PostRow {
  key: string;
  ticket_id: string | null;
  ref: string | null;
  claimed_at: Date;
  posted_at: Date | null;
}

const COLUMNS = 'key, ticket_id, ref, claimed_at, posted_at';

/**
 * Exactly one caller gets a claim: the row's primary key decides who is first, and an expired lease is taken over by the
 * one UPDATE that still finds it expired. `claimed_at` stays the first claim's, so that whoever takes over knows since
 * when to look for a post that was made but never settled.
 */
const CLAIM = statement(
  'posts.claim',
  `INSERT INTO posts AS p (org_id, surface, key, ticket_id, claimed_at, lease_until)
   VALUES ($1, $2, $3, $4, now(), now() + make_interval(secs => $5::double precision / 1000))
   ON CONFLICT (org_id, surface, key) DO UPDATE SET lease_until = excluded.lease_until
     WHERE p.posted_at IS NULL AND (p.lease_until IS NULL OR p.lease_until < now())
   RETURNING ${COLUMNS}, (xmax = 0) AS first`,
);
const BY_KEY = statement(
  'posts.by-key',
  `SELECT ${COLUMNS} FROM posts WHERE org_id = (SELECT current_org()) AND surface = $1 AND key = $2`,
);
const BY_REF = statement(
  'posts.by-ref',
  `SELECT ${COLUMNS} FROM posts WHERE org_id = (SELECT current_org()) AND surface = $1 AND ref = $2 ORDER BY claimed_at LIMIT 1`,
);
const SETTLE = statement(
  'posts.settle',
  `UPDATE posts SET ref = $3, posted_at = coalesce(posted_at, now()), lease_until = NULL
   WHERE org_id = (SELECT current_org()) AND surface = $1 AND key = $2 RETURNING ${COLUMNS}`,
);
const RELEASE = statement(
  'posts.release',
  `UPDATE posts SET lease_until = NULL WHERE org_id = (SELECT current_org()) AND surface = $1 AND key = $2 AND posted_at IS NULL`,
);

@Injectable()
export class PostRepository {
  async claim(
    tx: Tx,
    orgId: string,
    surface: string,
    key: string,
    ticketId: string | null,
    leaseMs: number,
  ): Promise<(PostRow & { first: boolean }) | null> {
    const [row] = await tx.query<PostRow & { first: boolean }>(CLAIM, [orgId, surface, key, ticketId, leaseMs]);
    return row ?? null;
  }

  async byKey(tx: Tx, surface: string, key: string): Promise<PostRow | null> {
    return (await tx.query<PostRow>(BY_KEY, [surface, key]))[0] ?? null;
  }

  async byRef(tx: Tx, surface: string, ref: string): Promise<PostRow | null> {
    return (await tx.query<PostRow>(BY_REF, [surface, ref]))[0] ?? null;
  }

  async settle(tx: Tx, surface: string, key: string, ref: string): Promise<PostRow | null> {
    return (await tx.query<PostRow>(SETTLE, [surface, key, ref]))[0] ?? null;
  }

  async release(tx: Tx, surface: string, key: string): Promise<void> {
    await tx.query(RELEASE, [surface, key]);
  }
}
