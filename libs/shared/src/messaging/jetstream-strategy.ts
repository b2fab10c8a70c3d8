import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  type JsMsg,
  jetstreamManager,
  type ConsumerMessages,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { context, SpanKind, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { lastValueFrom, isObservable } from 'rxjs';
import { recordDeadLetter } from '../contracts/dead-letters.js';
import { type DeskEvent, EVENT_STREAM, type EventEnvelope, eventEnvelope } from '../contracts/event.js';
import { badRequestFrom } from '../errors/desk-error.js';
import type { ContractClient } from './contract-client.js';
import { traceFrom } from './headers.js';
import { type ConsumerOptions, JETSTREAM } from './on-event.js';

const tracer = trace.getTracer('deskwire');
/** Short, so that what a killed service held comes again soon; a handler at work says so three times in it. */
const ACK_WAIT_MS = 9_000;
const DEFAULT_BACKOFF_MS = [200, 1_000, 5_000, 15_000, 60_000, 300_000];

export type EventExtras = ConsumerOptions & { event: DeskEvent };

/** What a handler gets: the parsed envelope with a payload of the event's own schema. */
export type ReceivedEvent<Payload = unknown> = EventEnvelope & { payload: Payload };

/**
 * Nest transport that feeds `@OnEvent` handlers from durable pull consumers of the event stream.
 * An event is acknowledged after its handler has finished; a handler that throws gets it again after the next waiting time;
 * when these are used up the event is kept as a dead letter in the core (and only then terminated).
 * One filter subject a consumer: Debian's nats-server is 2.9.10.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = JETSTREAM;
  override readonly propagatesEventHandlerErrors = true;
  private readonly feeds: { messages: ConsumerMessages; done: Promise<void> }[] = [];
  private closing = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly client: ContractClient,
    private readonly log: Logger,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  private async start(): Promise<void> {
    for (const handler of this.getHandlers().values()) {
      await this.feed(handler, handler.extras as unknown as EventExtras);
    }
  }

  private async feed(handler: MessageHandler, options: EventExtras): Promise<void> {
    const consumer = await this.consumer(options);
    const concurrency = options.concurrency ?? 4;
    const messages = await consumer.consume({ max_messages: concurrency * 4 });
    const done = this.drainInto(messages, concurrency, (message) => this.work(message, handler, options)).catch(
      (error: unknown) => {
        if (!this.closing) this.log.error({ err: error, consumer: options.durable }, 'the consumer stopped');
      },
    );
    this.feeds.push({ messages, done });
  }

  private async consumer({ durable, event }: EventExtras): Promise<Consumer> {
    const manager = await jetstreamManager(this.nats);
    const config = {
      durable_name: durable,
      filter_subject: `desk.events.${event.name}.*`,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ACK_WAIT_MS * 1e6,
      deliver_policy: DeliverPolicy.All,
      max_deliver: -1,
      max_ack_pending: 256,
    };
    // The stream belongs to the core, which may still be starting.
    for (let waited = 0; ; waited += 250) {
      try {
        const info = await manager.consumers.add(EVENT_STREAM, config);
        if (info.config.filter_subject !== config.filter_subject) {
          throw new Error(
            `The consumer ${durable} listens to ${info.config.filter_subject}, not ${config.filter_subject}`,
          );
        }
        return await jetstream(this.nats).consumers.get(EVENT_STREAM, durable);
      } catch (error) {
        const notYet = error instanceof JetStreamApiError && /stream not found/.test(error.message);
        if (!notYet || waited > 60_000) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  private async drainInto(
    messages: ConsumerMessages,
    concurrency: number,
    work: (message: JsMsg) => Promise<void>,
  ): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const message of messages) {
      const one = work(message).finally(() => running.delete(one));
      running.add(one);
      if (running.size >= concurrency) await Promise.race(running);
    }
    await Promise.all(running);
  }

  private async work(message: JsMsg, handler: MessageHandler, options: EventExtras): Promise<void> {
    const replayFor = message.headers?.get('Desk-Replay-For');
    if (replayFor && replayFor !== options.durable) return message.ack();

    const alive = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    try {
      const received = parseEvent(message, options.event);
      await context.with(traceFrom(message.headers), () =>
        tracer.startActiveSpan(options.durable, { kind: SpanKind.CONSUMER }, async (span) => {
          try {
            const result: unknown = await handler(received, message);
            if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
          } finally {
            span.end();
          }
        }),
      );
      message.ack();
    } catch (error) {
      await this.refused(message, options, error);
    } finally {
      clearInterval(alive);
    }
  }

  private async refused(message: JsMsg, options: EventExtras, error: unknown): Promise<void> {
    const backoffMs = options.backoffMs ?? DEFAULT_BACKOFF_MS;
    const attempts = message.info.deliveryCount;
    const waitMs = backoffMs[attempts - 1];
    if (waitMs !== undefined) {
      this.log.warn({ err: error, consumer: options.durable, attempts, waitMs }, 'an event is tried again later');
      return message.nak(waitMs);
    }
    try {
      await this.client.request(recordDeadLetter, {
        consumer: options.durable,
        subject: message.subject,
        event: readJson(message),
        error: String(
          error instanceof Error ? error.message : ((error as { message?: unknown })?.message ?? error),
        ).slice(0, 4_000),
        attempts,
      });
      this.log.error({ err: error, consumer: options.durable, attempts }, 'an event became a dead letter');
      message.term();
    } catch (recordError) {
      // Not even the dead letter could be written: the event stays where it is.
      this.log.error({ err: recordError, consumer: options.durable }, 'a dead letter could not be written');
      message.nak(backoffMs.at(-1) ?? 60_000);
    }
  }

  /** Stops pulling and waits for the handlers that are at work. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(
      this.feeds.map(async ({ messages, done }) => {
        await messages.close();
        await done;
      }),
    );
  }

  on(): never {
    throw new Error('The JetStream strategy has no events of its own; listen to the connection.');
  }

  unwrap(): never {
    throw new Error('The connection is the service’s own: inject NATS.');
  }
}

function parseEvent(message: JsMsg, event: DeskEvent): ReceivedEvent {
  const envelope = eventEnvelope.safeParse(readJson(message));
  if (!envelope.success) throw badRequestFrom(envelope.error.issues);
  const payload = event.payload.safeParse(envelope.data.payload);
  if (!payload.success) throw badRequestFrom(payload.error.issues);
  return { ...envelope.data, payload: payload.data };
}

function readJson(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
