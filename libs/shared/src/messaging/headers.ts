import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { context, propagation } from '@opentelemetry/api';
import { actorSchema, type Actor } from '../contracts/actor.js';
import { badRequestFrom, DeskError } from '../errors/desk-error.js';

const ACTOR = 'Desk-Actor';
const DEADLINE = 'Desk-Deadline';

/** Headers of a request: who acts, until when the answer is of use, and the trace it belongs to (W3C Trace Context). */
export function requestHeaders(actor: Actor | null, deadlineMs: number): MsgHdrs {
  const headers = natsHeaders();
  if (actor) headers.set(ACTOR, encodeURIComponent(JSON.stringify(actor)));
  headers.set(DEADLINE, String(Math.round(deadlineMs)));
  return withTrace(headers);
}

export function withTrace(headers: MsgHdrs): MsgHdrs {
  propagation.inject(context.active(), headers, { set: (carrier, key, value) => carrier.set(key, value) });
  return headers;
}

/** The trace of what is being done now, to be kept beside what it leads to (W3C traceparent). */
export function currentTrace(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Runs this as a part of a trace that was kept. */
export const inTrace = <T>(traceparent: string | null, work: () => T): T =>
  traceparent ? context.with(propagation.extract(context.active(), { traceparent }), work) : work();

export const traceFrom = (headers: MsgHdrs | undefined) =>
  headers
    ? propagation.extract(context.active(), headers, {
        get: (carrier, key) => carrier.get(key) || undefined,
        keys: (carrier) => carrier.keys(),
      })
    : context.active();

export function actorFrom(headers: MsgHdrs | undefined): Actor | null {
  const text = headers?.get(ACTOR);
  if (!text) return null;
  const parsed = actorSchema.safeParse(readJson(text));
  if (!parsed.success) throw badRequestFrom(parsed.error.issues);
  return parsed.data;
}

/** Undefined for what is none: the schema says so. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

/** A request whose caller has stopped waiting is not worth starting. */
export function refuseIfLate(headers: MsgHdrs | undefined, nowMs: number): void {
  const deadlineMs = Number(headers?.get(DEADLINE) || Number.NaN);
  if (deadlineMs < nowMs) throw new DeskError('TIMEOUT', 'The caller has stopped waiting for this request');
}
