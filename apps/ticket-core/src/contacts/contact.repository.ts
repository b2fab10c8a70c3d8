import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface ContactRow {
  id: string;
  /** The first of their addresses, which mail is sent to. */
  email: string;
  name: string;
  company_id: string | null;
  company_name: string | null;
}

/**
 * The contacts with these addresses, be it their first or a further one, made if they are not there yet; by the address
 * that was asked for. Sorted by address, so that two transactions that need the same people wait for one another instead of
 * locking each other out. A name is learnt once, never overwritten; who was deleted and writes again is there again. A new
 * contact is of the company that has the domain. Each is looked up for itself (LATERAL): joined as a whole, the planner takes
 * the list for a hundred people and reads all contacts of a middling organisation for one mail.
 */
const ENSURE = statement(
  'contacts.ensure',
  `WITH wanted AS (
     SELECT * FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, email text, domain text, name text) ORDER BY email
   ), known AS (
     SELECT wanted.email AS asked, wanted.name AS new_name, c.* FROM wanted CROSS JOIN LATERAL (
       SELECT c.id, c.email, c.name, c.company_id, c.deleted_at FROM contacts c
       WHERE c.org_id = $1 AND c.email = wanted.email LIMIT 1) AS c
     UNION ALL
     SELECT wanted.email, wanted.name, c.* FROM wanted CROSS JOIN LATERAL (
       SELECT a.contact_id FROM contact_addresses a WHERE a.org_id = $1 AND a.email = wanted.email LIMIT 1) AS a
     CROSS JOIN LATERAL (
       SELECT c.id, c.email, c.name, c.company_id, c.deleted_at FROM contacts c
       WHERE c.org_id = $1 AND c.id = a.contact_id LIMIT 1) AS c
   ), made AS (
     INSERT INTO contacts (org_id, id, email, name, company_id)
     SELECT $1, wanted.id, wanted.email, wanted.name,
       (SELECT d.company_id FROM company_domains d WHERE d.org_id = $1 AND d.domain = wanted.domain)
     FROM wanted WHERE wanted.email NOT IN (SELECT asked FROM known) ORDER BY wanted.email
     ON CONFLICT (org_id, email) DO UPDATE SET name = contacts.name
     RETURNING id, email, name, company_id
   ), changed AS (
     UPDATE contacts SET deleted_at = NULL, name = CASE WHEN name = ''
       THEN coalesce((SELECT max(new_name) FROM known WHERE known.id = contacts.id), '') ELSE name END
     WHERE org_id = $1 AND id = ANY(ARRAY(
       SELECT id FROM known WHERE deleted_at IS NOT NULL OR (name = '' AND new_name <> '')))
     RETURNING id, name
   ), found AS (
     SELECT email AS asked, id, email, name, company_id FROM made
     UNION ALL
     SELECT known.asked, known.id, known.email, coalesce(changed.name, known.name), known.company_id
     FROM known LEFT JOIN changed ON changed.id = known.id
   )
   SELECT found.*, (SELECT k.name FROM companies k WHERE k.org_id = $1 AND k.id = found.company_id) AS company_name FROM found`,
);

/** Who became one with another is that other. */
const BY_ID = statement(
  'contacts.by-id',
  `SELECT c.id, c.email, c.name, c.company_id, k.name AS company_name
   FROM contacts asked
   JOIN contacts c ON c.org_id = asked.org_id AND c.id = CASE WHEN asked.merged_into IS NULL THEN asked.id ELSE asked.merged_into END
   LEFT JOIN companies k ON k.org_id = c.org_id AND k.id = c.company_id
   WHERE asked.org_id = (SELECT current_org()) AND asked.id = $1`,
);

/** Every address of these contacts, and the ids under which they were known before they became one. */
const REACHED = statement(
  'contacts.reached-by',
  `SELECT c.id AS contact_id, c.email, c.id AS known_as FROM contacts c
     WHERE c.org_id = (SELECT current_org()) AND c.id = ANY($1::uuid[])
   UNION ALL SELECT a.contact_id, a.email, NULL FROM contact_addresses a
     WHERE a.org_id = (SELECT current_org()) AND a.contact_id = ANY($1::uuid[])
   UNION ALL SELECT m.merged_into, NULL, m.id FROM contacts m
     WHERE m.org_id = (SELECT current_org()) AND m.merged_into = ANY($1::uuid[])`,
);

/**
 * The further address that a contact last wrote from on a ticket; no row when that was their first one. The sender of the
 * envelope counts only as one of their own addresses.
 */
const WROTE_FROM = statement(
  'contacts.wrote-from',
  `SELECT a.email FROM (
     SELECT i.sender FROM messages m JOIN inbound_mails i ON i.org_id = m.org_id AND i.id = m.inbound_mail_id
     WHERE m.org_id = (SELECT current_org()) AND m.ticket_id = $1 AND m.author_kind = 'contact' AND m.author_id = $2
       AND NOT m.is_internal AND m.deleted_at IS NULL
     ORDER BY m.created_at DESC, m.id DESC LIMIT 1) AS last
   JOIN contact_addresses a ON a.org_id = (SELECT current_org()) AND a.email = last.sender AND a.contact_id = $2`,
);

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class ContactRepository {
  async byId(tx: Tx, id: string): Promise<ContactRow | null> {
    return (await tx.query<ContactRow>(BY_ID, [id]))[0] ?? null;
  }

  /** By the lower-case address that was asked for; it need not be the contact's first one. */
  async ensure(
    tx: Tx,
    orgId: string,
    people: readonly { address: string; name: string }[],
  ): Promise<Map<string, ContactRow>> {
    const byAddress = new Map<string, { id: string; email: string; domain: string; name: string }>();
    for (const { address, name } of people) {
      const known = byAddress.get(address);
      const domain = address.slice(address.lastIndexOf('@') + 1);
      if (!known) byAddress.set(address, { id: uuidv7(), email: address, domain, name });
      else known.name ||= name;
    }
    if (byAddress.size === 0) return new Map();
    const rows = await tx
      .query<ContactRow & { asked: string }>(ENSURE, [orgId, jsonb([...byAddress.values()])])
      .catch(becameAnothers);
    return new Map(rows.map(({ asked, ...row }) => [asked, row]));
  }

  async wroteFrom(tx: Tx, ticketId: string, contactId: string): Promise<string | null> {
    return (await tx.query<{ email: string }>(WROTE_FROM, [ticketId, contactId]))[0]?.email ?? null;
  }

  reachedBy(
    tx: Tx,
    contactIds: readonly string[],
  ): Promise<{ contact_id: string; email: string | null; known_as: string | null }[]> {
    return contactIds.length === 0 ? Promise.resolve([]) : tx.query(REACHED, [contactIds]);
  }
}

/** In the very moment in which a new address was about to make a contact, somebody gave it to another. */
function becameAnothers(error: unknown): never {
  if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
  throw new DeskError('CONFLICT', 'Two changes met; try again', [], { cause: error });
}
