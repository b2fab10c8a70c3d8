import { verifySlackRequest } from '@slack/bolt';

export const WINDOW_MS = 5 * 60_000;

export interface SignedRequest {
  /** The body as it came, byte for byte. */
  rawBody: string;
  timestamp: string | undefined;
  signature: string | undefined;
  /** An event that Slack sends again (`x-slack-retry-num`). */
  isRetry: boolean;
}

/**
 * Why a request is refused, or null when it is Slack's own, fresh and new
 * (docs.slack.dev/authentication/verifying-requests-from-slack).
 * A signature that was already used is refused: Slack signs each request anew. Only the retry of an event may look the
 * same, when it follows within the second; it is told apart by its event_id afterwards, so repeating it does nothing.
 */
export class RequestGate {
  private readonly seen = new Map<string, number>();

  constructor(private readonly signingSecret: string) {}

  refusal({ rawBody, timestamp, signature, isRetry }: SignedRequest, nowMs: number): string | null {
    if (!timestamp || !signature) return 'The request is not signed';
    if (!/^\d{1,12}$/.test(timestamp)) return 'The timestamp is not a number of seconds';
    if (Math.abs(nowMs - Number(timestamp) * 1_000) > WINDOW_MS) return 'The request is older than five minutes';
    try {
      verifySlackRequest({
        signingSecret: this.signingSecret,
        body: rawBody,
        headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
        nowMilliseconds: nowMs,
      });
    } catch {
      return 'The signature is wrong';
    }
    this.forget(nowMs);
    if (this.seen.has(signature) && !isRetry) return 'The request was already received';
    this.seen.set(signature, nowMs);
    return null;
  }

  /** Oldest first in a Map: stops at the first that must still be kept. A timestamp may lie 5 minutes ahead of us. */
  private forget(nowMs: number): void {
    for (const [signature, at] of this.seen) {
      if (nowMs - at <= 2 * WINDOW_MS) return;
      this.seen.delete(signature);
    }
  }
}
