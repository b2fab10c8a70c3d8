import type { Feature } from '../feature.js';
import { AutoWatch } from './auto-watch.js';
import { WatchTicket } from './watch-ticket.js';
import { WatcherRepository } from './watcher.repository.js';
import { WatchersHttp } from './watchers.http.js';
import { WatchersNats } from './watchers.nats.js';

export const watchers: Feature = {
  controllers: [WatchersHttp, WatchersNats],
  providers: [WatcherRepository, AutoWatch, WatchTicket],
};
