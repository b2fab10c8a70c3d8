import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

/** A message that is split off, with its author where that is a contact. */
export interface SplitRow {
  id: string;
  is_internal: boolean;
  content: string;
  author_kind: 'agent' | 'contact' | 'system';
  author_id: string | null;
  author_name: string;
  source: string;
  created_at: Date;
  contact_name: string | null;
  contact_email: string | null;
}

/** In the order of the thread. With $3 also all that came after the first of those named. */
const MESSAGES = statement(
  'split.messages',
  `WITH named AS (
     SELECT created_at, id FROM messages
     WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL
   ), start AS (
     SELECT created_at, id FROM named ORDER BY created_at, id LIMIT 1
   )
   SELECT m.id, m.is_internal, m.content, m.author_kind, m.author_id, m.author_name, m.source, m.created_at,
     c.name AS contact_name, c.email AS contact_email
   FROM messages m
   LEFT JOIN contacts c ON c.org_id = m.org_id AND c.id = m.author_id AND m.author_kind = 'contact'
   WHERE m.org_id = (SELECT current_org()) AND m.ticket_id = $1 AND m.deleted_at IS NULL
     AND (m.id = ANY($2::uuid[]) OR ($3 AND (m.created_at, m.id) > (SELECT created_at, id FROM start)))
   ORDER BY m.created_at, m.id LIMIT $4`,
);
/** On a ticket of its own nobody is kept apart any more. */
const MOVE = statement(
  'split.move',
  `UPDATE messages SET ticket_id = $2, apart_of = NULL
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND id = ANY($3::uuid[]) RETURNING id`,
);
/** A reply that waits leaves as the new ticket's, and its bounce is noted there. */
const MOVE_MAILS = statement(
  'split.move-mails',
  `UPDATE outbound_mails SET ticket_id = $1 WHERE org_id = (SELECT current_org()) AND message_id = ANY($2::uuid[])`,
);
/**
 * Answers to what was moved belong to the new ticket. The ids may be known on any ticket that became part of the original
 * ($1: they and it), one of them on two: it moves once.
 */
const MOVE_MAIL_IDS = statement(
  'split.move-mail-ids',
  `WITH moved AS (
     SELECT DISTINCT ON (mail_id) mail_id, ticket_id FROM mail_message_ids
     WHERE org_id = (SELECT current_org()) AND ticket_id = ANY($1::uuid[]) AND message_id = ANY($2::uuid[])
     ORDER BY mail_id, created_at
   )
   UPDATE mail_message_ids i SET ticket_id = $3 FROM moved
   WHERE i.org_id = (SELECT current_org()) AND i.mail_id = moved.mail_id AND i.ticket_id = moved.ticket_id`,
);
const LINK = statement(
  'split.link',
  `INSERT INTO ticket_links (org_id, id, from_id, to_id, kind, created_at)
   VALUES ((SELECT current_org()), $1, $2, $3, 'split_into', $4)`,
);

@Injectable()
export class SplitRepository {
  messages(tx: Tx, ticketId: string, ids: readonly string[], andLater: boolean, limit: number): Promise<SplitRow[]> {
    return tx.query<SplitRow>(MESSAGES, [ticketId, ids, andLater, limit]);
  }

  async move(tx: Tx, from: { id: string; family: readonly string[] }, toId: string, ids: readonly string[]) {
    await tx.query(MOVE, [from.id, toId, ids]);
    await tx.query(MOVE_MAILS, [toId, ids]);
    await tx.query(MOVE_MAIL_IDS, [from.family, ids, toId]);
  }

  async link(tx: Tx, id: string, fromId: string, toId: string, at: Date): Promise<void> {
    await tx.query(LINK, [id, fromId, toId, at]);
  }
}
