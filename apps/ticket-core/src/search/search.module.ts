import type { Feature } from '../feature.js';
import { CatchUp } from './catch-up.js';
import { IndexTickets } from './index-tickets.js';
import { SearchHttp } from './search.http.js';
import { SearchIndexRepository } from './search-index.repository.js';
import { SearchNats } from './search.nats.js';

export const search: Feature = {
  controllers: [SearchHttp, SearchNats],
  providers: [SearchIndexRepository, IndexTickets, CatchUp],
};
