import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { context } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Contract, ReplyOf } from '../contracts/contract.js';
import type { z } from 'zod';
import { badRequestFrom, DeskError } from '../errors/desk-error.js';
import { readFrame, writeFrame } from './frame.js';
import { refuseIfLate, traceFrom } from './headers.js';

/**
 * Answers a contract whose raw bytes travel beside the JSON. Nest's transport speaks JSON only, so these few subjects
 * are subscribed on the connection itself, in the service's queue group.
 */
export function answerBinary<C extends Contract>(
  nats: NatsConnection,
  queue: string,
  contract: C,
  log: Logger,
  handle: (
    input: z.output<C['request']>,
    parts: Buffer[],
  ) => Promise<{ reply: ReplyOf<C>; parts?: readonly Uint8Array[] }>,
): Subscription {
  const answer = async (message: Msg): Promise<void> => {
    try {
      refuseIfLate(message.headers, Date.now());
      const { head, parts } = readFrame(message.data);
      const parsed = contract.request.safeParse(head);
      if (!parsed.success) throw badRequestFrom(parsed.error.issues);
      const input = parsed.data as z.output<C['request']>;
      const result = await context.with(traceFrom(message.headers), () => handle(input, parts));
      message.respond(writeFrame({ response: result.reply }, result.parts ?? []));
    } catch (thrown) {
      const error = DeskError.from(thrown);
      if (error.code === 'INTERNAL')
        log.error({ err: error.cause ?? error, subject: contract.subject }, 'a request failed');
      message.respond(writeFrame({ err: error.toWire() }, []));
    }
  };
  return nats.subscribe(contract.subject, {
    queue,
    callback: (error, message) => {
      if (error) log.error({ err: error, subject: contract.subject }, 'the subscription failed');
      else void answer(message);
    },
  });
}
