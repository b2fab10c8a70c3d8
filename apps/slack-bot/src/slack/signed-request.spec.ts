import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RequestGate } from './signed-request.js';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW_MS = 1_795_285_800_000;

function signed(rawBody: string, atSeconds = NOW_MS / 1_000) {
  const timestamp = String(atSeconds);
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${rawBody}`).digest('hex')}`;
  return { rawBody, timestamp, signature, isRetry: false };
}

describe('requests that claim to be Slack’s', () => {
  const gate = () => new RequestGate(SECRET);

  it('lets in what is signed with the secret, over the body as it came', () => {
    expect(gate().refusal(signed('command=%2Fticket&text=a+b'), NOW_MS)).toBeNull();
  });

  it('refuses a changed body, another secret, no signature', () => {
    expect(gate().refusal({ ...signed('a=1'), rawBody: 'a=2' }, NOW_MS)).toMatch(/signature/);
    expect(new RequestGate('another').refusal(signed('a=1'), NOW_MS)).toMatch(/signature/);
    expect(gate().refusal({ ...signed('a=1'), signature: undefined }, NOW_MS)).toMatch(/not signed/);
    expect(gate().refusal({ ...signed('a=1'), signature: 'v1=00' }, NOW_MS)).toMatch(/signature/);
    expect(gate().refusal({ ...signed('a=1'), timestamp: 'now' }, NOW_MS)).toMatch(/timestamp/);
  });

  it('refuses what is older, or newer, than five minutes', () => {
    const seconds = NOW_MS / 1_000;
    expect(gate().refusal(signed('a=1', seconds - 299), NOW_MS)).toBeNull();
    expect(gate().refusal(signed('a=1', seconds - 301), NOW_MS)).toMatch(/five minutes/);
    expect(gate().refusal(signed('a=1', seconds + 301), NOW_MS)).toMatch(/five minutes/);
  });

  it('refuses the same request twice, but for the marked retry of an event', () => {
    const one = gate();
    expect(one.refusal(signed('a=1'), NOW_MS)).toBeNull();
    expect(one.refusal(signed('a=1'), NOW_MS + 1_000)).toMatch(/already/);
    expect(one.refusal({ ...signed('a=1'), isRetry: true }, NOW_MS + 1_000)).toBeNull();
  });
});
