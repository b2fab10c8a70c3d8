import { Inject, Injectable } from '@nestjs/common';
import { jetstream } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { deadLetterView, recordDeadLetter } from '#shared/contracts/dead-letters.js';
import { eventEnvelope } from '#shared/contracts/event.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { NATS } from '#shared/messaging/messaging.module.js';
import { DeadLetterRepository } from './dead-letter.repository.js';

/** Events that a consumer gave up on: kept to be looked at, and to be tried again once the reason is mended. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly letters: DeadLetterRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  async record(input: z.output<(typeof recordDeadLetter)['request']>): Promise<{ id: string }> {
    const id = uuidv7();
    const envelope = eventEnvelope.safeParse(input.event);
    await this.letters.add({ ...input, id, orgId: envelope.success ? envelope.data.orgId : null });
    return { id };
  }

  list(limit: number): Promise<z.output<typeof deadLetterView>[]> {
    return this.letters.list(limit);
  }

  /** Published again under its own subject, marked for the one consumer that gave up; the others pass over it. */
  async replay(id: string): Promise<boolean> {
    const letter = await this.letters.find(id);
    if (!letter) throw new DeskError('NOT_FOUND', 'There is no such dead letter');
    const headers = natsHeaders();
    headers.set('Desk-Replay-For', letter.consumer);
    await jetstream(this.nats).publish(letter.subject, JSON.stringify(letter.event), {
      headers,
      msgID: `replay:${id}:${Date.now()}`,
    });
    await this.letters.markReplayed(id);
    return true;
  }
}
