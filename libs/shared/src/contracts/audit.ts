import { z } from 'zod';
import { givenInstant, instant } from './values.js';

export const auditEntryView = z
  .object({
    id: z.uuid(),
    action: z.string(),
    /** What it was, in the words of the API: `tag`, `team`, `api_key`. */
    subjectType: z.string(),
    subjectId: z.uuid().nullable(),
    /** As it was called then. */
    subjectName: z.string(),
    actor: z.object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable(), name: z.string() }),
    /** By which way in: api, trpc, cli, slack, email or system. */
    surface: z.string(),
    /** The fields that changed, before and after. */
    oldValue: z.unknown(),
    newValue: z.unknown(),
    at: instant,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.output<typeof auditEntryView>;
export const auditPage = z.object({ items: z.array(auditEntryView), nextCursor: z.string().nullable() });

const word = z.string().trim().min(1).max(100);

export const listAuditInput = z.strictObject({
  subjectType: word.optional(),
  subjectId: z.uuid().optional(),
  actorId: z.uuid().optional(),
  action: word.optional(),
  /** From this instant on. */
  since: givenInstant.optional(),
  /** Before this instant. */
  until: givenInstant.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
