import { SlackError } from './slack-error.js';

/** How many calls a minute Slack allows a method (docs.slack.dev/apis/web-api/rate-limits). */
const TIER_PER_MINUTE = { 2: 20, 3: 50, 4: 100 } as const;
const TIERS: Readonly<Record<string, keyof typeof TIER_PER_MINUTE>> = {
  'conversations.list': 2,
  'users.list': 2,
  'chat.update': 3,
  'chat.delete': 3,
  'conversations.history': 3,
  'conversations.replies': 3,
  'conversations.info': 3,
  'conversations.join': 3,
  'conversations.open': 3,
  'reactions.add': 3,
  'reactions.remove': 3,
  'reactions.get': 3,
  'users.lookupByEmail': 3,
  'bots.info': 3,
  'team.info': 3,
  'chat.postEphemeral': 4,
  'conversations.members': 4,
  'users.info': 4,
  'views.open': 4,
  'views.push': 4,
  'views.update': 4,
  'views.publish': 4,
};
const POSTS_PER_SECOND = 1;
/** Slack lets bursts pass and names no number. */
const POST_BURST = 60;
const TIER_BURST_MINUTES = 3;

/** Token buckets: one a channel for posting, one a method. Throws `ratelimited` as HTTP 429 with Retry-After. */
export class RateLimits {
  private readonly buckets = new Map<string, { left: number; atMs: number }>();

  constructor(private readonly enabled: boolean) {}

  post(channel: string, nowMs: number): void {
    this.take(`post ${channel}`, POSTS_PER_SECOND, POST_BURST, nowMs);
  }

  call(method: string, nowMs: number): void {
    const tier = TIERS[method];
    if (!tier) return;
    const perMinute = TIER_PER_MINUTE[tier];
    this.take(`call ${method}`, perMinute / 60, perMinute * TIER_BURST_MINUTES, nowMs);
  }

  private take(key: string, perSecond: number, burst: number, nowMs: number): void {
    if (!this.enabled) return;
    const bucket = this.buckets.get(key) ?? { left: burst, atMs: nowMs };
    const left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1_000) * perSecond);
    if (left < 1) {
      this.buckets.set(key, { left, atMs: nowMs });
      const retryAfterS = String(Math.max(1, Math.ceil((1 - left) / perSecond)));
      throw new SlackError('ratelimited', {}, 429, { 'retry-after': retryAfterS });
    }
    this.buckets.set(key, { left: left - 1, atMs: nowMs });
  }
}
