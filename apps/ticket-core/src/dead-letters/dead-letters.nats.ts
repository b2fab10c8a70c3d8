import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { listDeadLetters, recordDeadLetter, replayDeadLetter } from '#shared/contracts/dead-letters.js';
import { Answers, Input } from '#shared/messaging/contract-handlers.js';
import { DeadLetters } from './dead-letters.js';

@Controller()
export class DeadLettersNats {
  constructor(private readonly letters: DeadLetters) {}

  @Answers(recordDeadLetter)
  record(@Input(recordDeadLetter) input: z.output<(typeof recordDeadLetter)['request']>) {
    return this.letters.record(input);
  }

  @Answers(listDeadLetters)
  async list(@Input(listDeadLetters) input: z.output<(typeof listDeadLetters)['request']>) {
    return { items: await this.letters.list(input.limit) };
  }

  @Answers(replayDeadLetter)
  async replay(@Input(replayDeadLetter) input: z.output<(typeof replayDeadLetter)['request']>) {
    return { replayed: await this.letters.replay(input.id) };
  }
}
