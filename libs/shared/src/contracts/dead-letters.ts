import { z } from 'zod';
import { contract } from './contract.js';
import { instant } from './values.js';

export const deadLetterView = z.object({
  id: z.uuid(),
  consumer: z.string(),
  subject: z.string(),
  event: z.unknown(),
  error: z.string(),
  attempts: z.int(),
  diedAt: instant,
  replayedAt: instant.nullable(),
});
export const recordDeadLetter = contract('dead-letters.record', {
  request: z.strictObject({
    consumer: z.string().max(200),
    subject: z.string().max(300),
    event: z.unknown(),
    error: z.string().max(4_000),
    attempts: z.int(),
  }),
  reply: z.object({ id: z.uuid() }),
});
export const listDeadLetters = contract('dead-letters.list', {
  request: z.strictObject({ limit: z.int().min(1).max(500).default(100) }),
  reply: z.object({ items: z.array(deadLetterView) }),
});
/** Publishes the event again for the one consumer that gave up on it. */
export const replayDeadLetter = contract('dead-letters.replay', {
  request: z.strictObject({ id: z.uuid() }),
  reply: z.object({ replayed: z.boolean() }),
});
