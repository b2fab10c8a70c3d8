import type { Feature } from '../feature.js';
import { CannedResponseRepository } from './canned-response.repository.js';
import { CannedResponses } from './canned-responses.js';
import { CannedResponsesHttp } from './canned-responses.http.js';
import { CannedResponsesNats } from './canned-responses.nats.js';
import { UseCanned } from './use-canned.js';

export const cannedResponses: Feature = {
  controllers: [CannedResponsesHttp, CannedResponsesNats],
  providers: [CannedResponseRepository, UseCanned, CannedResponses],
};
