import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import { LAST_ID } from '../database/last-id.js';
import type { KnownContactRow } from './contact.view.js';

const COLUMNS = `
  c.id, c.email, c.name, c.phone, c.notes, c.company_id, k.name AS company_name, c.deleted_at, c.created_at, c.updated_at,
  ARRAY(SELECT a.email FROM contact_addresses a WHERE a.org_id = c.org_id AND a.contact_id = c.id ORDER BY a.created_at, a.email) AS further`;
const COMPANY = 'LEFT JOIN companies k ON k.org_id = c.org_id AND k.id = c.company_id';

/** An id of somebody who became one with another leads to that other. */
const BY_ID = statement(
  'contact-book.by-id',
  `SELECT ${COLUMNS} FROM contacts asked
   JOIN contacts c ON c.org_id = asked.org_id AND c.id = CASE WHEN asked.merged_into IS NULL THEN asked.id ELSE asked.merged_into END
   ${COMPANY} WHERE asked.org_id = (SELECT current_org()) AND asked.id = $1`,
);
const LOCK = statement(
  'contact-book.lock',
  `SELECT id FROM contacts WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
);
/** Nobody makes a contact while addresses are given out (the trigger one_contact_an_address). First of all, before any row. */
const GIVING_ADDRESSES = statement(
  'contact-book.giving-addresses',
  'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7345020)) IS NULL AS locked',
);
/** Newest first: ids are uuid v7. */
const LIVE = `FROM contacts c WHERE c.org_id = (SELECT current_org()) AND c.deleted_at IS NULL AND c.id < $1`;
const PAGE = statement(
  'contact-book.page',
  `WITH page AS MATERIALIZED (SELECT c.* ${LIVE} ORDER BY c.id DESC LIMIT $2)
   SELECT ${COLUMNS} FROM page c ${COMPANY} ORDER BY c.id DESC`,
);
const PAGE_OF_COMPANY = statement(
  'contact-book.page-of-company',
  `WITH page AS MATERIALIZED (SELECT c.* ${LIVE} AND c.company_id = $3 ORDER BY c.id DESC LIMIT $2)
   SELECT ${COLUMNS} FROM page c ${COMPANY} ORDER BY c.id DESC`,
);
/**
 * A part of a name is looked for in the newest contacts, one by one: what many have is found there. Only where they are not enough
 * `contacts_like` looks at the others by an index: of what many have that would gather all. Asked of each, not EXISTS: Postgres would
 * look through all addresses and companies for it.
 */
const NEWEST = 500;
const newest = (ofCompany: string) =>
  `SELECT c.id, c.name, c.email, c.company_id ${LIVE} ${ofCompany} ORDER BY c.id DESC LIMIT ${NEWEST}`;
const among = (ofCompany: string, company: string) => `
  WITH newest AS MATERIALIZED (${newest(ofCompany)}), found AS MATERIALIZED (
    SELECT c.id FROM newest c
    WHERE c.name ILIKE $3 OR c.email ILIKE $3
      OR (SELECT true FROM contact_addresses a WHERE a.org_id = (SELECT current_org()) AND a.contact_id = c.id AND a.email ILIKE $3 LIMIT 1) ${company}
    ORDER BY c.id DESC LIMIT $2)
  SELECT ${COLUMNS} FROM found f JOIN contacts c ON c.org_id = (SELECT current_org()) AND c.id = f.id ${COMPANY} ORDER BY c.id DESC`;
const AMONG_NEWEST = statement(
  'contact-book.among-newest',
  among(
    '',
    `OR (SELECT o.name ILIKE $3 FROM companies o WHERE o.org_id = (SELECT current_org()) AND o.id = c.company_id)`,
  ),
);
const AMONG_NEWEST_OF_COMPANY = statement('contact-book.among-newest-of-company', among('AND c.company_id = $4', ''));
/** The last of them; no row when there are no others. */
const LAST_OF_NEWEST = statement(
  'contact-book.last-of-newest',
  `SELECT c.id ${LIVE} ORDER BY c.id DESC OFFSET ${NEWEST - 1} LIMIT 1`,
);
const LAST_OF_NEWEST_OF_COMPANY = statement(
  'contact-book.last-of-newest-of-company',
  `SELECT c.id ${LIVE} AND c.company_id = $2 ORDER BY c.id DESC OFFSET ${NEWEST - 1} LIMIT 1`,
);
const AMONG_OLDER = statement(
  'contact-book.among-older',
  `WITH found AS MATERIALIZED (SELECT contact_id FROM contacts_like($1, $2, $3, $4))
   SELECT ${COLUMNS} FROM found f JOIN contacts c ON c.org_id = (SELECT current_org()) AND c.id = f.contact_id ${COMPANY} ORDER BY c.id DESC`,
);
/** The index knows three letters in a row; shorter ones are looked for one by one. */
const BY_INDEX = /[a-z\d]{3}/i;
const WALKED_OLDER = statement(
  'contact-book.walked-older',
  `WITH found AS MATERIALIZED (
     SELECT c.id FROM contacts c WHERE c.org_id = (SELECT current_org()) AND c.deleted_at IS NULL AND c.id < $3
       AND ($2::uuid IS NULL OR c.company_id = $2)
       AND (c.name ILIKE $1 OR c.email ILIKE $1
         OR c.id IN (SELECT a.contact_id FROM contact_addresses a WHERE a.org_id = (SELECT current_org()) AND a.email ILIKE $1)
         OR ($2::uuid IS NULL AND c.company_id IN (SELECT o.id FROM companies o WHERE o.org_id = (SELECT current_org()) AND o.name ILIKE $1)))
     ORDER BY c.id DESC LIMIT $4)
   SELECT ${COLUMNS} FROM found f JOIN contacts c ON c.org_id = (SELECT current_org()) AND c.id = f.id ${COMPANY} ORDER BY c.id DESC`,
);
const TICKETS = statement(
  'contact-book.tickets',
  `SELECT count(*)::integer AS total, count(*) FILTER (WHERE t.status NOT IN ('resolved', 'closed'))::integer AS open
   FROM tickets t WHERE t.org_id = (SELECT current_org()) AND t.contact_id = $1 AND t.deleted_at IS NULL
     AND ($2::uuid[] IS NULL OR t.team_id = ANY($2) OR t.assignee_id = $3)`,
);
const OWNERS = statement(
  'contact-book.owners',
  `SELECT c.email AS address, c.id, c.name, c.email, c.deleted_at IS NOT NULL AS deleted FROM contacts c
     WHERE c.org_id = (SELECT current_org()) AND c.email = ANY($1::text[])
   UNION ALL SELECT a.email, c.id, c.name, c.email, c.deleted_at IS NOT NULL FROM contact_addresses a
     JOIN contacts c ON c.org_id = a.org_id AND c.id = a.contact_id
     WHERE a.org_id = (SELECT current_org()) AND a.email = ANY($1::text[])`,
);
const COMPANY_OF_DOMAIN = statement(
  'contact-book.company-of-domain',
  'SELECT company_id AS id FROM company_domains WHERE org_id = (SELECT current_org()) AND domain = $1',
);
const COMPANY_BY_ID = statement(
  'contact-book.company-by-id',
  'SELECT id, name FROM companies WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL',
);
const ADD = statement(
  'contact-book.add',
  `INSERT INTO contacts (org_id, id, email, name, phone, notes, company_id, created_at, updated_at)
   SELECT $1, x.id, x.email, x.name, x.phone, x.notes, x.company_id, $3, $3
   FROM jsonb_to_record($2::jsonb) AS x(id uuid, email text, name text, phone text, notes text, company_id uuid)`,
);
const UPDATE = statement(
  'contact-book.update',
  `UPDATE contacts SET name = x.name, phone = x.phone, notes = x.notes, company_id = x.company_id, updated_at = $3
   FROM jsonb_to_record($2::jsonb) AS x(name text, phone text, notes text, company_id uuid)
   WHERE contacts.org_id = (SELECT current_org()) AND contacts.id = $1`,
);
const DROP_ADDRESSES = statement(
  'contact-book.drop-addresses',
  'DELETE FROM contact_addresses WHERE org_id = (SELECT current_org()) AND contact_id = $1',
);
const SET_FIRST = statement(
  'contact-book.set-first',
  'UPDATE contacts SET email = $2 WHERE org_id = (SELECT current_org()) AND id = $1 AND email <> $2',
);
const ADD_ADDRESSES = statement(
  'contact-book.add-addresses',
  `INSERT INTO contact_addresses (org_id, email, contact_id, created_at)
   SELECT $1, x.email, $2, $4::timestamptz + x.place * interval '1 microsecond'
   FROM unnest($3::text[]) WITH ORDINALITY AS x(email, place)`,
);
const SET_DELETED = statement(
  'contact-book.set-deleted',
  'UPDATE contacts SET deleted_at = $2, updated_at = $3 WHERE org_id = (SELECT current_org()) AND id = $1',
);
/** Deleted ones too, as they may come back. Said in two parts, since each kind has indexes of its own. */
const OF_CONTACT =
  'org_id = (SELECT current_org()) AND contact_id = $1 AND (deleted_at IS NULL OR deleted_at IS NOT NULL)';
/** In the order in which anybody else locks several tickets. */
const LOCK_TICKETS = statement(
  'contact-book.lock-tickets',
  `SELECT id FROM tickets WHERE ${OF_CONTACT} ORDER BY id FOR UPDATE`,
);
const MOVE_TICKETS = statement(
  'contact-book.move-tickets',
  `UPDATE tickets SET contact_id = $2, version = version + 1, updated_at = greatest(updated_at, $3)
   WHERE ${OF_CONTACT} RETURNING id`,
);
const MOVE_MESSAGES = statement(
  'contact-book.move-messages',
  `UPDATE messages SET author_id = $2 WHERE org_id = (SELECT current_org()) AND author_kind = 'contact' AND author_id = $1`,
);
/** Also who had become one with the contact before. Its own address is free now, for the one that it became one with. */
const SET_MERGED = statement(
  'contact-book.set-merged',
  `UPDATE contacts SET merged_into = $2, deleted_at = CASE WHEN deleted_at IS NULL THEN $3 ELSE deleted_at END, updated_at = $3,
     email = CASE WHEN id = $1 THEN id || '@merged.invalid' ELSE email END
   WHERE org_id = (SELECT current_org()) AND (id = $1 OR merged_into = $1)`,
);
const OPEN_TICKETS = statement(
  'contact-book.open-tickets',
  `SELECT t.id, t.number FROM tickets t
   WHERE t.org_id = (SELECT current_org()) AND t.contact_id = $1 AND t.id > $2
     AND t.status NOT IN ('resolved', 'closed') AND t.deleted_at IS NULL
   ORDER BY t.id LIMIT $3`,
);
const OF_COMPANY = statement(
  'contact-book.of-company',
  'SELECT id FROM contacts WHERE org_id = (SELECT current_org()) AND company_id = $1 ORDER BY id',
);

export interface AddressOwner {
  address: string;
  id: string;
  name: string;
  email: string;
  deleted: boolean;
}

/** The contacts as the desk's people keep them; the mail path has ContactRepository. */
@Injectable()
export class ContactBookRepository {
  async byId(tx: Tx, id: string): Promise<KnownContactRow | null> {
    return (await tx.query<KnownContactRow>(BY_ID, [id]))[0] ?? null;
  }

  async lock(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query(LOCK, [ids]);
  }

  async givingAddresses(tx: Tx, orgId: string): Promise<void> {
    await tx.query(GIVING_ADDRESSES, [orgId]);
  }

  async page(
    tx: Tx,
    {
      before,
      q,
      companyId,
      limit,
    }: { before: string | null; q: string | null; companyId: string | null; limit: number },
  ): Promise<KnownContactRow[]> {
    const company = companyId === null ? [] : [companyId];
    const from = before ?? LAST_ID;
    if (q === null) {
      return tx.query<KnownContactRow>(companyId === null ? PAGE : PAGE_OF_COMPANY, [from, limit, ...company]);
    }
    const like = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const amongNewest = companyId === null ? AMONG_NEWEST : AMONG_NEWEST_OF_COMPANY;
    const found = await tx.query<KnownContactRow>(amongNewest, [from, limit, like, ...company]);
    if (found.length === limit) return found;
    const lastOf = companyId === null ? LAST_OF_NEWEST : LAST_OF_NEWEST_OF_COMPANY;
    const [last] = await tx.query<{ id: string }>(lastOf, [from, ...company]);
    if (!last) return found;
    const older = [like, companyId, last.id, limit - found.length];
    return [...found, ...(await tx.query<KnownContactRow>(BY_INDEX.test(q) ? AMONG_OLDER : WALKED_OLDER, older))];
  }

  /** `seenBy`: only those that a restricted agent sees. */
  async tickets(tx: Tx, id: string, seenBy: { teamIds: string[]; agentId: string } | null) {
    const values = [id, seenBy?.teamIds ?? null, seenBy?.agentId ?? null];
    return (await tx.query<{ open: number; total: number }>(TICKETS, values))[0]!;
  }

  owners(tx: Tx, addresses: readonly string[]): Promise<AddressOwner[]> {
    return tx.query<AddressOwner>(OWNERS, [addresses]);
  }

  async companyOfDomain(tx: Tx, domain: string): Promise<string | null> {
    return (await tx.query<{ id: string }>(COMPANY_OF_DOMAIN, [domain]))[0]?.id ?? null;
  }

  async companyById(tx: Tx, id: string): Promise<{ id: string; name: string } | null> {
    return (await tx.query<{ id: string; name: string }>(COMPANY_BY_ID, [id]))[0] ?? null;
  }

  async add(
    tx: Tx,
    orgId: string,
    row: Omit<KnownContactRow, 'further' | 'company_name' | 'deleted_at' | 'created_at' | 'updated_at'>,
    at: Date,
  ): Promise<void> {
    await tx.query(ADD, [orgId, jsonb(row), at]);
  }

  async update(tx: Tx, row: KnownContactRow, at: Date): Promise<void> {
    await tx.query(UPDATE, [row.id, jsonb(row), at]);
  }

  /** These and no others, the first one first. Behind `givingAddresses`, and after it is known that nobody else has any. */
  async setAddresses(
    tx: Tx,
    orgId: string,
    id: string,
    [first, ...further]: readonly string[],
    at: Date,
  ): Promise<void> {
    await tx.query(DROP_ADDRESSES, [id]);
    await tx.query(SET_FIRST, [id, first]);
    if (further.length > 0) await tx.query(ADD_ADDRESSES, [orgId, id, further, at]);
  }

  async setDeleted(tx: Tx, id: string, deletedAt: Date | null, at: Date): Promise<void> {
    await tx.query(SET_DELETED, [id, deletedAt, at]);
  }

  /** Tickets and words of one become another's, and its id leads there. Returns the tickets. */
  async mergeInto(tx: Tx, fromId: string, intoId: string, at: Date): Promise<string[]> {
    await tx.query(LOCK_TICKETS, [fromId]);
    const moved = await tx.query<{ id: string }>(MOVE_TICKETS, [fromId, intoId, at]);
    await tx.query(MOVE_MESSAGES, [fromId, intoId]);
    await tx.query(DROP_ADDRESSES, [fromId]);
    await tx.query(SET_MERGED, [fromId, intoId, at]);
    return moved.map(({ id }) => id);
  }

  openTickets(tx: Tx, contactId: string, after: string, limit: number): Promise<{ id: string; number: number }[]> {
    return tx.query(OPEN_TICKETS, [contactId, after, limit]);
  }

  async ofCompany(tx: Tx, companyId: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(OF_COMPANY, [companyId])).map(({ id }) => id);
  }
}
