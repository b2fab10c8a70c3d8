import { Inject, Injectable } from '@nestjs/common';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { type EventEnvelope, eventSubject } from '#shared/contracts/event.js';
import { slaBreached, slaWarning } from '#shared/contracts/events.js';
import { claimDueClocks, type DueClock, settleDueClocks, takeEscalationStep } from '#shared/contracts/sla-clocks.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { withTrace } from '#shared/messaging/headers.js';
import { NATS } from '#shared/messaging/messaging.module.js';

const BATCH = 200;
const STEPS_AT_ONCE = 8;
/** Long enough to publish a batch, short enough that what a killed monitor held is told soon after. */
const LEASE_MS = 5_000;

/** `<ticket>:<target>:<cycle>:<level>`: JetStream keeps one of each, however often it is published. */
export const messageIdOf = ({ ticketId, target, cycle, level }: DueClock): string =>
  `${ticketId}:${target}:${cycle}:${level}`;

/**
 * One look: claim what is due, publish it, settle. Killed anywhere in between, the claim's lease runs out, another look
 * publishes the same ids again, and nobody sees anything twice.
 */
@Injectable()
export class PublishDueClocks {
  private readonly js: JetStreamClient;

  constructor(
    private readonly core: ContractClient,
    @Inject(NATS) nats: NatsConnection,
  ) {
    this.js = jetstream(nats, { timeout: 5_000 });
  }

  /** Milliseconds until the next clock is due; null when none runs. */
  async execute(): Promise<number | null> {
    const { clocks, steps, nextInMs } = await this.core.request(claimDueClocks, { limit: BATCH, leaseMs: LEASE_MS });
    if (clocks.length + steps.length === 0) return nextInMs;
    if (clocks.length > 0) {
      await Promise.all(clocks.map((clock) => this.publish(clock)));
      await this.core.request(settleDueClocks, {
        clocks: clocks.map(({ orgId, ticketId, target, cycle, level }) => ({ orgId, ticketId, target, cycle, level })),
      });
    }
    // After the breaches, which are told first. A few at a time: each is a transaction that locks its ticket.
    for (let at = 0; at < steps.length; at += STEPS_AT_ONCE) {
      const some = steps.slice(at, at + STEPS_AT_ONCE);
      await Promise.all(some.map((step) => this.core.request(takeEscalationStep, step)));
    }
    // Settling may have made a due instant the next one to wait for.
    return 0;
  }

  private async publish(clock: DueClock): Promise<void> {
    const event = clock.level === 'breached' ? slaBreached : slaWarning;
    const { ticketId, ticketNumber: number, target, cycle, at, dueAt } = clock;
    const envelope: EventEnvelope = {
      id: messageIdOf(clock),
      name: event.name,
      version: event.version,
      orgId: clock.orgId,
      at,
      payload: { ticketId, number, target, cycle, at, dueAt },
    };
    await this.js.publish(eventSubject(event.name, clock.orgId), JSON.stringify(envelope), {
      msgID: messageIdOf(clock),
      headers: withTrace(natsHeaders()),
    });
  }
}
