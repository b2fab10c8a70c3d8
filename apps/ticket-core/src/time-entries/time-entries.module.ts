import type { Feature } from '../feature.js';
import { ChangeTimeEntry } from './change-time-entry.js';
import { ListTime } from './list-time.js';
import { LogTime } from './log-time.js';
import { MoveTimeEntries } from './move-time-entries.js';
import { RunTimer } from './run-timer.js';
import { TicketTimeHttp, TicketTimerHttp, TimeEntriesHttp, TimerHttp } from './time.http.js';
import { TimeEntryRepository } from './time-entry.repository.js';
import { TimeNats } from './time.nats.js';
import { TimeSpent } from './time-spent.js';
import { TimerRepository } from './timer.repository.js';

export const timeEntries: Feature = {
  controllers: [TicketTimeHttp, TicketTimerHttp, TimeEntriesHttp, TimerHttp, TimeNats],
  providers: [
    TimeEntryRepository,
    TimerRepository,
    LogTime,
    ChangeTimeEntry,
    ListTime,
    RunTimer,
    MoveTimeEntries,
    TimeSpent,
  ],
};
