import type { Feature } from '../feature.js';
import { DeskTeamRepository } from './desk-team.repository.js';
import { DeskTeams } from './desk-teams.js';
import { DeskVocabulary } from './desk-vocabulary.js';
import { RewordStored } from './reword-stored.js';
import { RewordTickets } from './reword-tickets.js';
import { RewordingRepository } from './rewording.repository.js';
import { StoredWordsRepository } from './stored-words.repository.js';

export const vocabulary: Feature = {
  controllers: [],
  providers: [
    DeskTeamRepository,
    DeskTeams,
    DeskVocabulary,
    RewordingRepository,
    RewordTickets,
    StoredWordsRepository,
    RewordStored,
  ],
};
