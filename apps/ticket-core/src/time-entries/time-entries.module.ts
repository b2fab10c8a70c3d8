import type { Feature } from '../feature.js';
import { MoveTimeEntries } from './move-time-entries.js';
import { TimeEntryRepository } from './time-entry.repository.js';
import { TimerRepository } from './timer.repository.js';

export const timeEntries: Feature = {
  controllers: [],
  providers: [TimeEntryRepository, TimerRepository, MoveTimeEntries],
};
