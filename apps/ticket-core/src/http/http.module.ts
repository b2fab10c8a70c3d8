import type { Feature } from '../feature.js';
import { ForgetIdempotencyKeys } from './forget-idempotency-keys.js';
import { IdempotencyRepository } from './idempotency.repository.js';

export const http: Feature = {
  controllers: [],
  providers: [IdempotencyRepository, ForgetIdempotencyKeys],
};
