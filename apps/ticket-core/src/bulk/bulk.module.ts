import type { Feature } from '../feature.js';
import { BulkHttp } from './bulk.http.js';
import { BulkNats } from './bulk.nats.js';
import { BulkRepository } from './bulk.repository.js';
import { BulkUpdate } from './bulk-update.js';

export const bulk: Feature = {
  controllers: [BulkHttp, BulkNats],
  providers: [BulkRepository, BulkUpdate],
};
