import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { DeskError } from '#shared/errors/desk-error.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { apiKeyOf } from './session.js';
import { TokenBuckets } from './token-buckets.js';

type Answer = (error: Error | null, result?: { current: number; ttl: number }) => void;

/**
 * So many requests a minute and key, whatever the way in by HTTP (REST and tRPC); 0: no limit. Keys that this process has
 * not let in yet are counted by address, before anything is looked up. The fields RateLimit-* are those of
 * draft-ietf-httpapi-ratelimit-headers-07, Retry-After that of RFC 9110 10.2.3. Call it before routes are made.
 */
export async function serveRateLimits(app: NestFastifyApplication, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  const keys = app.get(ApiKeys);
  const buckets = new TokenBuckets(perMinute);
  class Store {
    incr(key: string, answer: Answer): void {
      const { allowed, remaining, waitMs } = buckets.take(key, Date.now());
      answer(null, { current: allowed ? perMinute - remaining : perMinute + 1, ttl: waitMs });
    }

    child(): Store {
      return this;
    }
  }
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    store: Store,
    // Health and metrics are asked by machines that must get an answer.
    allowList: (request: FastifyRequest) => !request.url.startsWith('/api/'),
    keyGenerator: ({ headers, ip }: FastifyRequest) => {
      const key = apiKeyOf(headers);
      const known = key === null ? null : keys.knownName(key);
      return known === null ? `address ${normalizeIP(ip)}` : `key ${known}`;
    },
    errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) => {
      const seconds = Math.ceil(ttl / 1_000);
      const limit = perMinute.toLocaleString('en-GB');
      return new DeskError(
        'TOO_MANY_REQUESTS',
        `Too many requests: ${limit} a minute are free; try again in ${seconds} s`,
      );
    },
  });
}
