import type { Feature } from '../feature.js';
import { DeskVocabulary } from './desk-vocabulary.js';
import { RewordStored } from './reword-stored.js';
import { RewordTickets } from './reword-tickets.js';
import { RewordingRepository } from './rewording.repository.js';
import { StoredWordsRepository } from './stored-words.repository.js';

export const vocabulary: Feature = {
  controllers: [],
  providers: [DeskVocabulary, RewordingRepository, RewordTickets, StoredWordsRepository, RewordStored],
};
