import type { Feature } from '../feature.js';
import { BelongingsRepository } from './belongings.repository.js';
import { FollowMerged } from './follow-merged.js';
import { ListMerges } from './list-merges.js';
import { MergeRepository } from './merge.repository.js';
import { MergeTickets } from './merge-tickets.js';
import { MergesHttp } from './merges.http.js';
import { MergesNats } from './merges.nats.js';
import { SplitRepository } from './split.repository.js';
import { SplitTicket } from './split-ticket.js';
import { UndoMerge } from './undo-merge.js';

export const merges: Feature = {
  controllers: [MergesHttp, MergesNats],
  providers: [
    MergeRepository,
    BelongingsRepository,
    SplitRepository,
    FollowMerged,
    MergeTickets,
    UndoMerge,
    ListMerges,
    SplitTicket,
  ],
};
