import type { Feature } from '../feature.js';
import { ReadStats } from './read-stats.js';
import { StatsHttp } from './stats.http.js';
import { StatsNats } from './stats.nats.js';
import { TicketCountsRepository } from './ticket-counts.repository.js';

export const stats: Feature = {
  controllers: [StatsHttp, StatsNats],
  providers: [ReadStats, TicketCountsRepository],
};
