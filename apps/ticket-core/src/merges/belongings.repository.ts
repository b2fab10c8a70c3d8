import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { MergeLedger } from './merge-ledger.js';

/** Messages keep what they were apart of before: an earlier merge said so, and this one does not say otherwise. */
const MOVE_MESSAGES = statement(
  'belongings.move-messages',
  `UPDATE messages SET ticket_id = $2, apart_of = CASE WHEN $3 AND apart_of IS NULL THEN $1 ELSE apart_of END
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 RETURNING id`,
);
/** Only what is still there: what was split off since has a life of its own. */
const MESSAGES_BACK = statement(
  'belongings.messages-back',
  `UPDATE messages SET ticket_id = $2, apart_of = nullif(apart_of, $2)
   WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND ticket_id = $3 RETURNING id`,
);
const MOVE_FILES = statement(
  'belongings.move-files',
  'UPDATE attachments SET ticket_id = $2 WHERE org_id = (SELECT current_org()) AND ticket_id = $1 RETURNING id',
);
const FILES_BACK = statement(
  'belongings.files-back',
  `UPDATE attachments SET ticket_id = $2 WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND ticket_id = $3`,
);
/** The survivor's own watchers stay as they are; the source has none any more, but for who said that they do not want to be. */
const MOVE_WATCHERS = statement(
  'belongings.move-watchers',
  `WITH gone AS (
     DELETE FROM ticket_watchers WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND watching
     RETURNING agent_id, created_at
   ), added AS (
     INSERT INTO ticket_watchers (org_id, ticket_id, agent_id, created_at)
     SELECT (SELECT current_org()), $2, agent_id, created_at FROM gone ON CONFLICT DO NOTHING RETURNING agent_id
   )
   SELECT gone.agent_id, gone.created_at, added.agent_id IS NOT NULL AS added FROM gone LEFT JOIN added USING (agent_id)
   ORDER BY gone.agent_id`,
);
const WATCHERS_BACK = statement(
  'belongings.watchers-back',
  `WITH gone AS (
     DELETE FROM ticket_watchers
     WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND agent_id = ANY($2::uuid[]) AND watching
   )
   INSERT INTO ticket_watchers (org_id, ticket_id, agent_id, created_at)
   SELECT (SELECT current_org()), $3, x.agent_id, x.at
   FROM jsonb_to_recordset($4::jsonb) AS x(agent_id uuid, at timestamptz) ON CONFLICT DO NOTHING`,
);
/** Symmetric kinds are kept from the smaller id (link.view.ts): a link that moves may have to turn round. */
const turned = (from: string, to: string, moving: string) => `
     SELECT DISTINCT ON (kind, from_id, to_id) id, kind, from_id, to_id FROM (
       SELECT id, kind, CASE WHEN kind = 'relates_to' THEN least(a, b) ELSE a END AS from_id,
         CASE WHEN kind = 'relates_to' THEN greatest(a, b) ELSE b END AS to_id
       FROM (
         SELECT l.id, l.kind, CASE WHEN l.from_id = ${from} THEN ${to} ELSE l.from_id END AS a,
           CASE WHEN l.to_id = ${from} THEN ${to} ELSE l.to_id END AS b
         FROM ticket_links l
         WHERE l.org_id = (SELECT current_org()) AND (l.from_id = ${from} OR l.to_id = ${from})
           AND l.from_id <> ${to} AND l.to_id <> ${to}${moving}
       ) ends
     ) kept ORDER BY kind, from_id, to_id, id`;
const UNLESS_THERE = `l.org_id = (SELECT current_org()) AND l.id = t.id AND NOT EXISTS (SELECT 1 FROM ticket_links o
     WHERE o.org_id = (SELECT current_org()) AND o.from_id = t.from_id AND o.to_id = t.to_id AND o.kind = t.kind)`;
/** A link between the two, or one that the survivor has as well, stays with the source. */
const MOVE_LINKS = statement(
  'belongings.move-links',
  `WITH t AS (${turned('$1', '$2::uuid', '')}
   ) UPDATE ticket_links l SET from_id = t.from_id, to_id = t.to_id FROM t WHERE ${UNLESS_THERE} RETURNING l.id`,
);
/** Not where it would meet one that was made since. */
const LINKS_BACK = statement(
  'belongings.links-back',
  `WITH t AS (${turned('$1', '$2::uuid', ' AND l.id = ANY($3::uuid[])')}
   ) UPDATE ticket_links l SET from_id = t.from_id, to_id = t.to_id FROM t WHERE ${UNLESS_THERE}`,
);
const COUNT = statement(
  'belongings.count',
  'SELECT count(*)::integer AS count FROM messages WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND deleted_at IS NULL',
);

/** What belongs to a ticket and goes along when it becomes part of another, and back: messages, files, watchers, links. */
@Injectable()
export class BelongingsRepository {
  /** Returns the ids of what was moved. */
  async moveMessages(tx: Tx, fromId: string, toId: string, apart: boolean): Promise<string[]> {
    return (await tx.query<{ id: string }>(MOVE_MESSAGES, [fromId, toId, apart])).map(({ id }) => id);
  }

  async messagesBack(tx: Tx, ids: readonly string[], toId: string, fromId: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(MESSAGES_BACK, [ids, toId, fromId])).map(({ id }) => id);
  }

  async moveFiles(tx: Tx, fromId: string, toId: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(MOVE_FILES, [fromId, toId])).map(({ id }) => id);
  }

  async filesBack(tx: Tx, ids: readonly string[], toId: string, fromId: string): Promise<void> {
    if (ids.length > 0) await tx.query(FILES_BACK, [ids, toId, fromId]);
  }

  /** Each watcher of the source, and whether the survivor did not have it yet. */
  moveWatchers(tx: Tx, fromId: string, toId: string) {
    return tx.query<{ agent_id: string; created_at: Date; added: boolean }>(MOVE_WATCHERS, [fromId, toId]);
  }

  /** Takes `remove` from the survivor, and gives the source its own again. */
  async watchersBack(
    tx: Tx,
    survivorId: string,
    remove: readonly string[],
    sourceId: string,
    watchers: MergeLedger['watchers'],
  ): Promise<void> {
    const rows = watchers.map(({ agentId, at }) => ({ agent_id: agentId, at }));
    await tx.query(WATCHERS_BACK, [survivorId, remove, sourceId, jsonb(rows)]);
  }

  async moveLinks(tx: Tx, fromId: string, toId: string): Promise<MergeLedger['links']> {
    return (await tx.query<{ id: string }>(MOVE_LINKS, [fromId, toId])).map(({ id }) => ({ id }));
  }

  async linksBack(tx: Tx, links: MergeLedger['links'], toId: string, fromId: string): Promise<void> {
    if (links.length === 0) return;
    await tx.query(LINKS_BACK, [fromId, toId, links.map(({ id }) => id)]);
  }

  async messageCount(tx: Tx, ticketId: string): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [ticketId]))[0]!.count;
  }
}
