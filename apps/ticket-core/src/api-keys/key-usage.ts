import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { ApiKeyRepository } from './api-key.repository.js';

/** A key's last use is written once a minute at most. */
const EVERY_MS = 60_000;
/** Uses of many keys that come together are written together. */
const GATHER_MS = 500;
const MAX_KNOWN = 50_000;

/** When a key was last used. Written beside the requests: none waits for it, and none fails with it. */
@Injectable()
export class KeyUsage implements BeforeApplicationShutdown {
  private readonly notedAtMs = new Map<string, number>();
  private gathered: { org_id: string; id: string; at: string }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: ApiKeyRepository,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  note(orgId: string, keyId: string): void {
    const nowMs = Date.now();
    if (nowMs - (this.notedAtMs.get(keyId) ?? 0) < EVERY_MS) return;
    if (this.notedAtMs.size >= MAX_KNOWN) this.notedAtMs.clear();
    this.notedAtMs.set(keyId, nowMs);
    this.gathered.push({ org_id: orgId, id: keyId, at: new Date(nowMs).toISOString() });
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.write();
  }

  private async write(): Promise<void> {
    this.timer = undefined;
    const uses = this.gathered;
    this.gathered = [];
    if (uses.length === 0) return;
    try {
      await this.keys.used(uses);
    } catch (error) {
      // The next use in a minute writes it; a request is not to fail for this.
      this.log.warn({ err: error }, 'the last use of API keys was not written');
    }
  }
}
