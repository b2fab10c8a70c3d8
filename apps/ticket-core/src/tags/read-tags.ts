import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listTagsInput, tagPage, TagView } from '#shared/contracts/tags.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readWordCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageByWord } from '../database/page.js';
import { RewordTickets } from '../vocabulary/reword-tickets.js';
import { demandRead } from '../vocabulary/vocabulary.policy.js';
import { TagRepository } from './tag.repository.js';
import { tagViewOf } from './tag.view.js';

/** Counts of open tickets are this old at most: a page that many people look at asks for them again and again. */
const FRESH_MS = 10_000;

@Injectable()
export class ReadTags {
  private readonly counted = new Map<string, { atMs: number; counts: Map<string, number> }>();

  constructor(
    private readonly database: Database,
    private readonly tags: TagRepository,
    private readonly rewordings: RewordTickets,
  ) {}

  /** By name. */
  page(actor: Actor, input: z.output<typeof listTagsInput>): Promise<z.output<typeof tagPage>> {
    demandRead(actor, 'tags');
    const after = readWordCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { q, teamId, limit } = input;
      const rows = await this.tags.page(tx, { q: q ?? null, teamId: teamId ?? null, after, limit: limit + 1 });
      const progressOf = await this.rewordings.progressOf(
        tx,
        rows.map(({ id }) => id),
      );
      const counts = input.counts ? await this.countsOf(tx, actor.orgId) : null;
      return pageByWord(
        rows,
        limit,
        (row) => tagViewOf(row, progressOf(row.id), counts ? (counts.get(row.name) ?? 0) : undefined),
        ({ key }) => key,
      );
    });
  }

  one(actor: Actor, id: string): Promise<TagView> {
    demandRead(actor, 'tags');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.tags.byId(tx, id)) ?? noSuchTag();
      return tagViewOf(row, (await this.rewordings.progressOf(tx, [id]))(id));
    });
  }

  private async countsOf(tx: Tx, orgId: string): Promise<Map<string, number>> {
    const before = this.counted.get(orgId);
    if (before && Date.now() - before.atMs < FRESH_MS) return before.counts;
    const counts = await this.tags.openCounts(tx);
    if (this.counted.size >= 1_000) this.counted.clear();
    this.counted.set(orgId, { atMs: Date.now(), counts });
    return counts;
  }
}

export function noSuchTag(): never {
  throw new DeskError('NOT_FOUND', 'There is no such tag');
}
