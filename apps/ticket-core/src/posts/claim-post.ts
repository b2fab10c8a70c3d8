import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { claimPost, findPost, postView, settlePost } from '#shared/contracts/posts.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { PostRepository, type PostRow } from './post.repository.js';

const viewOf = (row: PostRow): z.output<typeof postView> => ({
  key: row.key,
  ticketId: row.ticket_id,
  state: row.posted_at ? 'posted' : 'claimed',
  ref: row.ref,
  claimedAt: row.claimed_at.toISOString(),
});

/** What surfaces show of ours, each once: see contracts/posts.ts. */
@Injectable()
export class ClaimPost {
  constructor(
    private readonly database: Database,
    private readonly posts: PostRepository,
  ) {}

  claim(actor: Actor, input: z.output<(typeof claimPost)['request']>): Promise<z.output<(typeof claimPost)['reply']>> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const claimed = await this.posts.claim(tx, actor.orgId, input.surface, input.key, input.ticketId, input.leaseMs);
      if (claimed)
        return { outcome: claimed.first ? ('yours' as const) : ('reclaimed' as const), post: viewOf(claimed) };
      const row = (await this.posts.byKey(tx, input.surface, input.key))!;
      return { outcome: row.posted_at ? ('posted' as const) : ('busy' as const), post: viewOf(row) };
    });
  }

  settle(actor: Actor, input: z.output<(typeof settlePost)['request']>): Promise<z.output<typeof postView>> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.posts.settle(tx, input.surface, input.key, input.ref);
      if (!row) throw new DeskError('NOT_FOUND', `Nothing was claimed as ${input.key}`);
      return viewOf(row);
    });
  }

  release(actor: Actor, surface: string, key: string): Promise<void> {
    return this.database.tenant(actor.orgId, (tx) => this.posts.release(tx, surface, key));
  }

  find(actor: Actor, input: z.output<(typeof findPost)['request']>): Promise<z.output<typeof postView> | null> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row =
        'key' in input
          ? await this.posts.byKey(tx, input.surface, input.key)
          : await this.posts.byRef(tx, input.surface, input.ref);
      return row && viewOf(row);
    });
  }
}
