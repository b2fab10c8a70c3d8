import type { Feature } from '../feature.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysHttp } from './api-keys.http.js';
import { KeepApiKeys } from './keep-api-keys.js';
import { KeyUsage } from './key-usage.js';

export const apiKeys: Feature = {
  controllers: [ApiKeysHttp],
  providers: [ApiKeyRepository, ApiKeys, KeyUsage, KeepApiKeys],
};
