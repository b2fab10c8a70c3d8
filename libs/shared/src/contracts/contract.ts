import '../errors/plain-words.js';
import type { z } from 'zod';

/** A request that one service answers: NATS subject, what goes in, what comes out. */
export interface Contract<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  subject: `desk.core.${string}`;
  request: Request;
  reply: Reply;
  /** How long a caller waits for the answer. */
  timeoutMs: number;
  /** A service of ours may ask it in its own name (an actor of kind `system`), not only in somebody's (docs/adr/0026). */
  bySystem: boolean;
}

export const contract = <Request extends z.ZodType, Reply extends z.ZodType>(
  name: string,
  shape: { request: Request; reply: Reply; timeoutMs?: number; bySystem?: boolean },
): Contract<Request, Reply> => ({ timeoutMs: 5_000, bySystem: false, ...shape, subject: `desk.core.${name}` });

/** As a caller writes it. */
export type RequestOf<C extends Contract> = z.input<C['request']>;
/** As its handler gets it: parsed, with defaults. */
export type InputOf<C extends Contract> = z.output<C['request']>;
export type ReplyOf<C extends Contract> = z.output<C['reply']>;
