const MINUTE_MS = 60_000;
const MAX_KEPT = 50_000;

export interface Taken {
  allowed: boolean;
  /** Requests that may follow at once. */
  remaining: number;
  /** Until the bucket is full again; of a refused one, until there is a token. */
  waitMs: number;
}

/**
 * A bucket of tokens a key: it holds a minute's worth, a request takes one, and they come back evenly. So a burst is fine,
 * and whoever is refused waits for a moment, not for the next minute to begin. In memory, of this process only.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();
  private sweptAtMs = 0;

  constructor(private readonly perMinute: number) {}

  get size(): number {
    return this.buckets.size;
  }

  take(key: string, nowMs: number): Taken {
    this.sweep(nowMs);
    const before = this.buckets.get(key);
    const tokens = before ? this.refilled(before, nowMs) : this.perMinute;
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    // Put in again at the end: the first of the map is the one that was idle longest.
    this.buckets.delete(key);
    if (this.buckets.size >= MAX_KEPT) this.buckets.delete(this.buckets.keys().next().value!);
    this.buckets.set(key, { tokens: left, atMs: nowMs });
    const missing = allowed ? this.perMinute - left : 1 - left;
    return { allowed, remaining: Math.floor(left), waitMs: Math.ceil((missing * MINUTE_MS) / this.perMinute) };
  }

  private refilled({ tokens, atMs }: { tokens: number; atMs: number }, nowMs: number): number {
    return Math.min(this.perMinute, tokens + (Math.max(0, nowMs - atMs) * this.perMinute) / MINUTE_MS);
  }

  /** A bucket that is full again says nothing that a new one would not. */
  private sweep(nowMs: number): void {
    if (nowMs - this.sweptAtMs < MINUTE_MS) return;
    this.sweptAtMs = nowMs;
    for (const [key, bucket] of this.buckets)
      if (this.refilled(bucket, nowMs) >= this.perMinute) this.buckets.delete(key);
  }
}
