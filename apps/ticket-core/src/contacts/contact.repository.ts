import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface ContactRow {
  id: string;
  email: string;
  name: string;
}

/**
 * The contacts with these addresses, made if they are not there yet. Sorted by address, so that two transactions that
 * need the same people wait for one another instead of locking each other out. A name is learnt once, never overwritten.
 */
const ENSURE = statement(
  'contacts.ensure',
  `WITH wanted AS (
     SELECT * FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, email text, name text) ORDER BY email
   ), known AS (
     SELECT c.id, c.email, c.name, wanted.name AS new_name FROM wanted JOIN contacts c ON c.org_id = $1 AND c.email = wanted.email
   ), made AS (
     INSERT INTO contacts (org_id, id, email, name)
     SELECT $1, id, email, name FROM wanted WHERE email NOT IN (SELECT email FROM known)
     ON CONFLICT (org_id, email) DO UPDATE SET name = contacts.name
     RETURNING id, email, name
   ), named AS (
     UPDATE contacts SET name = known.new_name FROM known
     WHERE contacts.org_id = $1 AND contacts.id = known.id AND known.name = '' AND known.new_name <> ''
     RETURNING contacts.id, contacts.email, contacts.name
   )
   SELECT id, email, name FROM made
   UNION ALL SELECT id, email, name FROM named
   UNION ALL SELECT id, email, name FROM known WHERE id NOT IN (SELECT id FROM named)`,
);

const BY_ID = statement(
  'contacts.by-id',
  'SELECT id, email, name FROM contacts WHERE org_id = (SELECT current_org()) AND id = $1',
);

@Injectable()
export class ContactRepository {
  async byId(tx: Tx, id: string): Promise<ContactRow | null> {
    return (await tx.query<ContactRow>(BY_ID, [id]))[0] ?? null;
  }

  /** By lower-case address. */
  async ensure(
    tx: Tx,
    orgId: string,
    people: readonly { address: string; name: string }[],
  ): Promise<Map<string, ContactRow>> {
    const byAddress = new Map<string, { id: string; email: string; name: string }>();
    for (const { address, name } of people) {
      const known = byAddress.get(address);
      if (!known) byAddress.set(address, { id: uuidv7(), email: address, name });
      else known.name ||= name;
    }
    if (byAddress.size === 0) return new Map();
    const rows = await tx.query<ContactRow>(ENSURE, [orgId, jsonb([...byAddress.values()])]);
    return new Map(rows.map((row) => [row.email, row]));
  }
}
