import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { type Area, AREAS } from '#shared/contracts/api-keys.js';
import { badRequestFrom, DeskError, type Problem } from '#shared/errors/desk-error.js';
import { ERROR_CODES } from '#shared/errors/error-codes.js';
import { refuseNul } from '#shared/service/input.pipe.js';
import type { KeyHolder } from '../api-keys/api-keys.js';
import { NO_KEY } from '../http/api-key.guard.js';
import { demandScope } from '../http/scope.policy.js';
import { jsonEnvelope } from './json-envelope.js';

export interface TrpcContext {
  /** Null: no key, or one that is unknown, revoked or expired. */
  holder: KeyHolder | null;
}

const trpc = initTRPC.context<TrpcContext>().create({
  transformer: jsonEnvelope,
  isDev: false,
  // The one table of errors, here too: the fields that are wrong are named, and nothing of the inside is told.
  errorFormatter({ shape, error }): typeof shape & { data: { problems: Problem[] } } {
    const told = toldOf(error);
    return { ...shape, message: told.message, data: { ...shape.data, problems: told.problems } };
  },
});

function toldOf(error: TRPCError): { message: string; problems: Problem[] } {
  if (error.cause instanceof z.core.$ZodError) return badRequestFrom(error.cause.issues);
  if (error.cause instanceof DeskError) return error.cause;
  const inside = error.code === 'INTERNAL_SERVER_ERROR';
  return { message: inside ? ERROR_CODES.INTERNAL.title : error.message, problems: [] };
}

/** A use case's own error with the code that tRPC has for it. */
const deskErrors = trpc.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok || !(result.error.cause instanceof DeskError)) return result;
  const { cause } = result.error;
  throw new TRPCError({ code: ERROR_CODES[cause.code].trpc, message: cause.message, cause });
});

export const { router } = trpc;

/** A procedure for somebody who is known; what they may do is asked by the use case. */
export const procedure = trpc.procedure.use(deskErrors).use(async ({ ctx, path, type, getRawInput, next }) => {
  if (!ctx.holder) throw new DeskError('UNAUTHORIZED', NO_KEY);
  demandScope(ctx.holder.scopes, areaOf(path), type === 'mutation' ? 'write' : 'read');
  refuseNul(await getRawInput());
  return next({ ctx: { actor: ctx.holder.actor } });
});

/** `sla.listPolicies` is of the area `sla`: routers are called as areas are. */
const areaOf = (path: string): Area | undefined => AREAS.find((area) => path.startsWith(`${area}.`));
