import { z } from 'zod';
import { contract } from './contract.js';
import { instant } from './values.js';

/**
 * A post is what a surface shows of something of ours: a card, an alert. The claim makes sure that one process posts it,
 * once: `claim` before posting, `settle` with where it is. A claim that was never settled comes back as `reclaimed`
 * after its lease; whoever gets it must look whether the post is already there.
 */
export const postView = z.object({
  key: z.string(),
  ticketId: z.uuid().nullable(),
  state: z.enum(['claimed', 'posted']),
  /** Where it is, in the surface's own words: `C024BE91L:1700000000.000100`. */
  ref: z.string().nullable(),
  claimedAt: instant,
});

const surface = z.literal('slack');
const key = z.string().min(1).max(200);

export const claimPost = contract('posts.claim', {
  bySystem: true,
  request: z.strictObject({ surface, key, ticketId: z.uuid().nullable(), leaseMs: z.int().min(1_000).max(600_000) }),
  reply: z.object({ outcome: z.enum(['yours', 'reclaimed', 'busy', 'posted']), post: postView }),
});
export const settlePost = contract('posts.settle', {
  bySystem: true,
  request: z.strictObject({ surface, key, ref: z.string().min(1).max(200) }),
  reply: postView,
});
/** Gives a claim back after a failure to post, so that the next try need not wait for the lease. */
export const releasePost = contract('posts.release', {
  bySystem: true,
  request: z.strictObject({ surface, key }),
  reply: z.object({}),
});
export const findPost = contract('posts.find', {
  bySystem: true,
  request: z.union([z.strictObject({ surface, key }), z.strictObject({ surface, ref: z.string().max(200) })]),
  reply: postView.nullable(),
});
