import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { LAST_ID } from '../database/last-id.js';
import { statement } from '../database/statement.js';
import type { CompanyRow } from './company.view.js';

const COLUMNS = `
  k.id, k.name, k.notes, k.created_at, k.updated_at,
  ARRAY(SELECT d.domain FROM company_domains d WHERE d.org_id = k.org_id AND d.company_id = k.id ORDER BY d.domain) AS domains,
  (SELECT count(*)::integer FROM contacts c WHERE c.org_id = k.org_id AND c.company_id = k.id AND c.deleted_at IS NULL) AS contact_count`;

const BY_ID = statement(
  'companies.by-id',
  `SELECT ${COLUMNS} FROM companies k WHERE k.org_id = (SELECT current_org()) AND k.id = $1 AND k.deleted_at IS NULL`,
);
const LOCK = statement(
  'companies.lock',
  'SELECT id FROM companies WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
const BY_NAME = statement(
  'companies.by-name',
  `SELECT id, name FROM companies WHERE org_id = (SELECT current_org()) AND lower(name) = lower($1) AND deleted_at IS NULL
   ORDER BY id LIMIT 1`,
);
/** Until the commit, so that two who name the same new company make one. */
const NAMING = statement(
  'companies.naming',
  'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7345021)) IS NULL AS locked',
);
/** Newest first: ids are uuid v7. */
const LIVE_ONES = `FROM companies k WHERE k.org_id = (SELECT current_org()) AND k.deleted_at IS NULL AND k.id < $1`;
const PAGE = statement(
  'companies.page',
  `WITH page AS MATERIALIZED (SELECT k.* ${LIVE_ONES} ORDER BY k.id DESC LIMIT $2)
   SELECT ${COLUMNS} FROM page k ORDER BY k.id DESC`,
);
/** As contacts are looked for: what many are called is found in the newest ones, the rest by an index (contact-book.repository.ts). */
const NEWEST = 100;
const AMONG_NEWEST = statement(
  'companies.among-newest',
  `WITH newest AS MATERIALIZED (SELECT k.id, k.name ${LIVE_ONES} ORDER BY k.id DESC LIMIT ${NEWEST}), found AS MATERIALIZED (
     SELECT k.id FROM newest k WHERE k.name ILIKE $3
       OR (SELECT true FROM company_domains d WHERE d.org_id = (SELECT current_org()) AND d.company_id = k.id AND d.domain ILIKE $3 LIMIT 1)
     ORDER BY k.id DESC LIMIT $2)
   SELECT ${COLUMNS} FROM found f JOIN companies k ON k.org_id = (SELECT current_org()) AND k.id = f.id ORDER BY k.id DESC`,
);
const LAST_OF_NEWEST = statement(
  'companies.last-of-newest',
  `SELECT k.id ${LIVE_ONES} ORDER BY k.id DESC OFFSET ${NEWEST - 1} LIMIT 1`,
);
const AMONG_OLDER = statement(
  'companies.among-older',
  `WITH found AS MATERIALIZED (SELECT company_id FROM companies_like($1, $2, $3))
   SELECT ${COLUMNS} FROM found f JOIN companies k ON k.org_id = (SELECT current_org()) AND k.id = f.company_id ORDER BY k.id DESC`,
);
const BY_INDEX = /[a-z\d]{3}/i;
const WALKED_OLDER = statement(
  'companies.walked-older',
  `WITH found AS MATERIALIZED (
     SELECT k.id FROM companies k WHERE k.org_id = (SELECT current_org()) AND k.deleted_at IS NULL AND k.id < $2
       AND (k.name ILIKE $1 OR k.id IN (SELECT d.company_id FROM company_domains d WHERE d.org_id = (SELECT current_org()) AND d.domain ILIKE $1))
     ORDER BY k.id DESC LIMIT $3)
   SELECT ${COLUMNS} FROM found f JOIN companies k ON k.org_id = (SELECT current_org()) AND k.id = f.id ORDER BY k.id DESC`,
);
const TICKETS = statement(
  'companies.tickets',
  `SELECT count(*)::integer AS total, count(*) FILTER (WHERE t.status NOT IN ('resolved', 'closed'))::integer AS open
   FROM contacts c JOIN tickets t ON t.org_id = c.org_id AND t.contact_id = c.id AND t.deleted_at IS NULL
   WHERE c.org_id = (SELECT current_org()) AND c.company_id = $1
     AND ($2::uuid[] IS NULL OR t.team_id = ANY($2) OR t.assignee_id = $3)`,
);
const ADD = statement(
  'companies.add',
  'INSERT INTO companies (org_id, id, name, notes, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)',
);
const UPDATE = statement(
  'companies.update',
  'UPDATE companies SET name = $2, notes = $3, updated_at = $4 WHERE org_id = (SELECT current_org()) AND id = $1',
);
const OWNERS = statement(
  'companies.owners',
  `SELECT d.domain, k.id, k.name FROM company_domains d JOIN companies k ON k.org_id = d.org_id AND k.id = d.company_id
   WHERE d.org_id = (SELECT current_org()) AND d.domain = ANY($1::text[])`,
);
const DROP_DOMAINS = statement(
  'companies.drop-domains',
  'DELETE FROM company_domains WHERE org_id = (SELECT current_org()) AND company_id = $1 AND domain <> ALL($2::text[])',
);
const ADD_DOMAINS = statement(
  'companies.add-domains',
  `INSERT INTO company_domains (org_id, domain, company_id)
   SELECT $1, x.domain, $2 FROM unnest($3::text[]) AS x(domain) ORDER BY x.domain ON CONFLICT DO NOTHING`,
);
const REMOVE = statement(
  'companies.remove',
  'UPDATE companies SET deleted_at = $2, updated_at = $2 WHERE org_id = (SELECT current_org()) AND id = $1',
);
const RELEASE = statement(
  'companies.release',
  `UPDATE contacts SET company_id = NULL, updated_at = $2
   WHERE org_id = (SELECT current_org()) AND company_id = $1 RETURNING id`,
);

@Injectable()
export class CompanyRepository {
  async byId(tx: Tx, id: string): Promise<CompanyRow | null> {
    return (await tx.query<CompanyRow>(BY_ID, [id]))[0] ?? null;
  }

  async toChange(tx: Tx, id: string): Promise<CompanyRow | null> {
    await tx.query(LOCK, [id]);
    return this.byId(tx, id);
  }

  async naming(tx: Tx, orgId: string): Promise<void> {
    await tx.query(NAMING, [orgId]);
  }

  async byName(tx: Tx, name: string): Promise<{ id: string; name: string } | null> {
    return (await tx.query<{ id: string; name: string }>(BY_NAME, [name]))[0] ?? null;
  }

  async page(tx: Tx, before: string | null, q: string | null, limit: number): Promise<CompanyRow[]> {
    const from = before ?? LAST_ID;
    if (q === null) return tx.query<CompanyRow>(PAGE, [from, limit]);
    const like = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const found = await tx.query<CompanyRow>(AMONG_NEWEST, [from, limit, like]);
    if (found.length === limit) return found;
    const [last] = await tx.query<{ id: string }>(LAST_OF_NEWEST, [from]);
    if (!last) return found;
    const older = [like, last.id, limit - found.length];
    return [...found, ...(await tx.query<CompanyRow>(BY_INDEX.test(q) ? AMONG_OLDER : WALKED_OLDER, older))];
  }

  /** Of all its contacts; `seenBy` are tickets that a restricted agent sees. */
  async tickets(tx: Tx, id: string, seenBy: { teamIds: string[]; agentId: string } | null) {
    const values = [id, seenBy?.teamIds ?? null, seenBy?.agentId ?? null];
    return (await tx.query<{ open: number; total: number }>(TICKETS, values))[0]!;
  }

  async add(tx: Tx, orgId: string, row: { id: string; name: string; notes: string }, at: Date): Promise<void> {
    await tx.query(ADD, [orgId, row.id, row.name, row.notes, at]);
  }

  async update(tx: Tx, row: { id: string; name: string; notes: string }, at: Date): Promise<void> {
    await tx.query(UPDATE, [row.id, row.name, row.notes, at]);
  }

  owners(tx: Tx, domains: readonly string[]): Promise<{ domain: string; id: string; name: string }[]> {
    return tx.query(OWNERS, [domains]);
  }

  /** These and no others; a domain that another company has is left there. */
  async setDomains(tx: Tx, orgId: string, id: string, domains: readonly string[]): Promise<void> {
    await tx.query(DROP_DOMAINS, [id, domains]);
    await tx.query(ADD_DOMAINS, [orgId, id, domains]);
  }

  /** Returns the contacts that were of it. */
  async remove(tx: Tx, orgId: string, id: string, at: Date): Promise<string[]> {
    await this.setDomains(tx, orgId, id, []);
    const released = await tx.query<{ id: string }>(RELEASE, [id, at]);
    await tx.query(REMOVE, [id, at]);
    return released.map((row) => row.id);
  }
}
