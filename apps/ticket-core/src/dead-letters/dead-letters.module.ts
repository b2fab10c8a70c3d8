import type { Feature } from '../feature.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DeadLetters } from './dead-letters.js';
import { DeadLettersNats } from './dead-letters.nats.js';

export const deadLetters: Feature = {
  controllers: [DeadLettersNats],
  providers: [DeadLetterRepository, DeadLetters],
};
