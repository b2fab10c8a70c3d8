import { secret } from './ids.js';
import { SlackError } from './slack-error.js';

/** trigger_ids: each opens one view, within three seconds of the person's act. */
export class Triggers {
  static readonly lifetimeMs = 3_000;
  private readonly issued = new Map<string, { userId: string; atMs: number; used: boolean }>();

  issue(userId: string, nowMs: number): string {
    const id = `${nowMs}.${Math.floor(nowMs / 7)}.${secret()}`;
    this.issued.set(id, { userId, atMs: nowMs, used: false });
    // Old ones are kept for a while, so that a late use is told "expired" and not "invalid".
    if (this.issued.size > 2_000) this.issued.delete(this.issued.keys().next().value ?? '');
    return id;
  }

  /** Whose act it was. Call after the view was found good: a refused view does not use the trigger up. */
  check(id: string, nowMs: number): string {
    const trigger = this.issued.get(id);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.used) throw new SlackError('exchanged_trigger_id');
    if (nowMs - trigger.atMs > Triggers.lifetimeMs) throw new SlackError('expired_trigger_id');
    return trigger.userId;
  }

  use(id: string): void {
    const trigger = this.issued.get(id);
    if (trigger) trigger.used = true;
  }
}
