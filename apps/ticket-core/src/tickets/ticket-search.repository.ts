import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { composed, statement } from '../database/statement.js';
import { type Known, Parameters, plainConditions } from './ticket-conditions.repository.js';
import type { TicketFilter } from './ticket-filter.js';
import { COLUMNS, PEOPLE } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

export type FoundTicket = TicketRow & { rank: number; snippet: string | null };

/** A beginning of more words is looked for by the shortest of them first. */
const MAX_SPELLED_OUT = 300;
/** In a tsquery’s text. A number’s is not known by the words that begin with it. */
const BEGINNING = /'(\p{L}[\p{L}\p{N}]{1,39})':\*/gu;
const quoted = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
/** What follows all that begins with a word, by code points. */
const AFTER_ALL = '\u{10ffff}';

const WORDS = statement(
  'tickets.words',
  `SELECT q.query::text AS query, numnode(q.query) AS nodes
   FROM organisations o, LATERAL (SELECT search_query(search_language(o.settings), $1) AS query) q WHERE o.id = (SELECT current_org())`,
);
const MATCHES = statement('tickets.matches', 'SELECT ticket_id FROM newest_matches($1::tsquery, $2)');
const BEGINNING_WITH = statement(
  'tickets.beginning-with',
  `SELECT word FROM written_words WHERE org_id = (SELECT current_org()) AND word >= $1 AND word < $2
   ORDER BY length(word), word LIMIT ${MAX_SPELLED_OUT + 1}`,
);
const SIMILAR = statement('tickets.similar-words', 'SELECT word FROM similar_words($1, $2)');
const IS_WORD = statement(
  'tickets.is-word',
  `SELECT true AS known FROM search_words WHERE org_id = (SELECT current_org()) AND word = $1`,
);

/** Tickets by the words in them: subjects, descriptions, messages and who they are for (ADR 23). */
@Injectable()
export class TicketSearchRepository {
  /** What somebody typed, as a tsquery; null when there is no word in it. */
  async queryOf(tx: Tx, typed: string): Promise<string | null> {
    const [row] = await tx.query<{ query: string; nodes: number }>(WORDS, [typed]);
    return row !== undefined && row.nodes > 0 ? row.query : null;
  }

  /**
   * Ids of tickets that match, newest first; fewer than `wanted` are all. Of the whole organisation: to be filtered.
   * A word is looked for as it stands first, which is the better match and mostly enough; then, as the beginning of others
   * (`:*`), by the words that begin with it. The search's index itself would gather what it begins of all organisations.
   */
  async newestMatches(tx: Tx, query: string, wanted: number): Promise<string[]> {
    const asItStands = query.replaceAll(':*', '');
    const found = await this.matches(tx, asItStands, wanted);
    if (found.length >= wanted || asItStands === query) return found;
    const spelled = await this.spelledOut(tx, query);
    const more = spelled.query === asItStands ? found : await this.matches(tx, spelled.query, wanted);
    return more.length >= wanted || spelled.isWhole ? more : this.matches(tx, query, wanted);
  }

  private async matches(tx: Tx, query: string, wanted: number): Promise<string[]> {
    const rows = await tx.query<{ ticket_id: string }>(MATCHES, [query, wanted]);
    return rows.map(({ ticket_id }) => ticket_id);
  }

  /** The words in place of their beginnings; whole unless there are too many, or a beginning is no word's but a number's. */
  private async spelledOut(tx: Tx, query: string): Promise<{ query: string; isWhole: boolean }> {
    const written = new Map<string, string[]>();
    for (const [, beginning] of query.matchAll(BEGINNING)) {
      if (written.has(beginning!)) continue;
      const rows = await tx.query<{ word: string }>(BEGINNING_WITH, [beginning, beginning + AFTER_ALL]);
      written.set(
        beginning!,
        rows.map(({ word }) => word),
      );
    }
    const text = query.replaceAll(BEGINNING, (_, beginning: string) => {
      const words = written
        .get(beginning)!
        .filter((word) => word !== beginning)
        .slice(0, MAX_SPELLED_OUT);
      return words.length === 0 ? `'${beginning}'` : `(${[beginning, ...words].map(quoted).join(' | ')})`;
    });
    const isWhole = !text.includes(':*') && [...written.values()].every((words) => words.length <= MAX_SPELLED_OUT);
    return { query: text, isWhole };
  }

  async isWord(tx: Tx, word: string): Promise<boolean> {
    return (await tx.query(IS_WORD, [word])).length > 0;
  }

  /** Words of subjects and contacts that look like this one, the most alike first. */
  async similarWords(tx: Tx, word: string, wanted: number): Promise<string[]> {
    const rows = await tx.query<{ word: string }>(SIMILAR, [word, wanted]);
    return rows.map((row) => row.word);
  }

  /**
   * The best of the candidates that the filter lets through, best first, and where the words are. A ticket's own number,
   * typed, is best of all. For contacts rank and snippet come of public texts only.
   */
  async best(
    tx: Tx,
    filter: TicketFilter,
    known: Known,
    { candidates, query, number, limit }: { candidates: string[]; query: string; number: number | null; limit: number },
  ): Promise<FoundTicket[]> {
    const p = new Parameters();
    const where = plainConditions(filter, known, p);
    const ids = p.add(candidates, 'uuid[]');
    const words = p.add(query, 'tsquery');
    const itself = p.add(number ?? 0, 'integer');
    const document = filter.publicOnly ? `ts_filter(d.document, '{a,b,c}')` : 'd.document';
    const text = `
      WITH matching AS MATERIALIZED (
        SELECT t.id, t.number, ${document} AS document FROM tickets t
        LEFT JOIN ticket_search d ON d.org_id = t.org_id AND d.ticket_id = t.id
        WHERE ${where.join(' AND ')} AND (t.id = ANY(${ids}) OR t.number = ${itself})
      ), page AS MATERIALIZED (
        SELECT id, number, CASE WHEN number = ${itself} THEN 10 ELSE 0 END
          + CASE WHEN document @@ ${words} THEN ts_rank('{0.1, 0.15, 0.5, 1}', document, ${words}, 1) ELSE 0 END AS rank
        FROM matching WHERE number = ${itself} OR document @@ ${words}
        ORDER BY rank DESC, number DESC LIMIT ${p.add(limit, 'integer')}
      )
      SELECT ${COLUMNS}, page.rank::float8 AS rank, hit.snippet
      FROM page JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = page.id ${PEOPLE}
      JOIN organisations desk ON desk.id = (SELECT current_org())
      LEFT JOIN LATERAL (
        SELECT ts_headline(search_language(desk.settings), said.content, ${words},
          'StartSel=«, StopSel=», MaxFragments=2, MinWords=6, MaxWords=18, FragmentDelimiter= … ') AS snippet
        FROM (
          SELECT 0 AS place, t.created_at AS at, left(t.description, 20000) AS content
          UNION ALL
          (SELECT 1, m.created_at, left(m.content, 20000) FROM messages m
           WHERE m.org_id = t.org_id AND m.ticket_id = t.id AND m.deleted_at IS NULL ${filter.publicOnly ? 'AND NOT m.is_internal' : ''}
           ORDER BY m.created_at DESC, m.id DESC LIMIT 20)
        ) said
        ORDER BY search_vector(search_language(desk.settings), said.content) @@ ${words} DESC, said.place, said.at DESC LIMIT 1
      ) hit ON true
      ORDER BY page.rank DESC, t.number DESC`;
    return tx.query<FoundTicket>(composed('tickets.best', text, p.values.length <= 4), p.values);
  }
}
