import { randomUUID } from 'node:crypto';
import { errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Actor } from '../contracts/actor.js';
import type { Contract, ReplyOf, RequestOf } from '../contracts/contract.js';
import { DeskError } from '../errors/desk-error.js';
import { readFrame, writeFrame } from './frame.js';
import { requestHeaders } from './headers.js';

const tracer = trace.getTracer('deskwire');

export interface CallOptions {
  actor?: Actor;
  timeoutMs?: number;
}

/**
 * Typed requests to the core. The compiler checks the input here; the core's door parses it by the contract's schema.
 * Errors are DeskErrors: the core's own, UNAVAILABLE at once when nobody answers that subject, TIMEOUT otherwise.
 */
export class ContractClient {
  constructor(private readonly nats: NatsConnection) {}

  async request<C extends Contract>(contract: C, input: RequestOf<C>, options: CallOptions = {}): Promise<ReplyOf<C>> {
    // Nest's own packet, so that the other side is a plain message handler.
    const packet = withoutNul(JSON.stringify({ pattern: contract.subject, id: randomUUID(), data: input }));
    const message = await this.send(contract, packet, options);
    const answer = message.json<{ response?: unknown; err?: unknown }>();
    if (answer.err !== undefined) throw DeskError.fromWire(answer.err);
    return answer.response as ReplyOf<C>;
  }

  /** The same for contracts whose raw bytes travel beside the JSON (mails). */
  async requestBinary<C extends Contract>(
    contract: C,
    input: RequestOf<C>,
    parts: readonly Uint8Array[],
    options: CallOptions = {},
  ): Promise<{ reply: ReplyOf<C>; parts: Buffer[] }> {
    const message = await this.send(contract, writeFrame(input, parts), options);
    const frame = readFrame(message.data);
    const answer = frame.head as { response?: unknown; err?: unknown };
    if (answer.err !== undefined) throw DeskError.fromWire(answer.err);
    return { reply: answer.response as ReplyOf<C>, parts: frame.parts };
  }

  private async send(contract: Contract, body: string | Uint8Array, options: CallOptions): Promise<Msg> {
    const timeoutMs = options.timeoutMs ?? contract.timeoutMs;
    return tracer.startActiveSpan(contract.subject, { kind: SpanKind.CLIENT }, async (span) => {
      try {
        return await this.nats.request(contract.subject, body, {
          timeout: timeoutMs,
          headers: requestHeaders(options.actor ?? null, Date.now() + timeoutMs),
        });
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw asDeskError(error, contract.subject, timeoutMs);
      } finally {
        span.end();
      }
    });
  }
}

/** JSON without the character NUL, which the door refuses: what comes by mail may have it, and loses it here. */
const withoutNul = (json: string): string =>
  json.includes('\\u0000') ? json.replace(/\\(?:u0000|[^])/g, (escape) => (escape === '\\u0000' ? '' : escape)) : json;

function asDeskError(error: unknown, subject: string, timeoutMs: number): DeskError {
  const cause = { cause: error };
  if (error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders())) {
    return new DeskError('UNAVAILABLE', `Nobody answers ${subject} at the moment`, [], cause);
  }
  if (error instanceof errors.TimeoutError) {
    return new DeskError('TIMEOUT', `No answer to ${subject} within ${timeoutMs} ms`, [], cause);
  }
  return new DeskError('UNAVAILABLE', `No connection for ${subject}`, [], cause);
}
