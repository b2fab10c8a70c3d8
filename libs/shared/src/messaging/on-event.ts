import { applyDecorators } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { DeskEvent } from '../contracts/event.js';

/** Marks handlers that the JetStream strategy feeds. */
export const JETSTREAM = Symbol('JetStream');

export interface ConsumerOptions {
  /** Name of the durable consumer, by what it does: `slack-post-card-on-ticket-opened`. */
  durable: string;
  /** How many events are worked on at once; 1 keeps their order. */
  concurrency?: number;
  /** Waiting times between tries; after the last one the event becomes a dead letter. */
  backoffMs?: number[];
}

/** This method is run for each such event, at least once: it must be safe to run twice. */
export const OnEvent = (event: DeskEvent, options: ConsumerOptions) =>
  applyDecorators(
    EventPattern(`${event.name}#${options.durable}`, JETSTREAM as never, { event, ...options }) as MethodDecorator,
  );
