import { z } from 'zod';
import { givenMoment } from '#shared/contracts/values.js';
import { policyFileSchema } from '#sla/policy.schema.js';
import { isInstant } from '../database/cursor.js';

const MAX_PAGE = 1_000;

const cursor = z
  .string()
  .transform((text) => ({ at: text.slice(0, 24), id: text.slice(25) }))
  .refine(({ at, id }) => isInstant(at) && z.uuid().safeParse(id).success, 'must be the nextCursor of the page before');

/** A policy as it would be created (what the API returned with one may stand there too), and which tickets to try it on. */
export const backtestInput = z
  .strictObject({
    policy: policyFileSchema,
    /** Tickets opened from here on; a day begins in the organisation's zone. */
    since: givenMoment,
    /** And before this. Without it, all up to now. */
    until: givenMoment.optional(),
    limit: z.int().min(1).max(MAX_PAGE, `must be at most ${MAX_PAGE}`).default(500),
    cursor: cursor.optional(),
  })
  .meta({ example: { policy: { firstResponseTime: 30, resolutionTime: 480 }, since: '2026-01-01', limit: 500 } });
