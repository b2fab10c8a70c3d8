import { randomBytes, randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** An id as Slack makes them: a letter for the kind, then ten capitals and digits (`C0…`, `U0…`, `V0…`, `Ev0…`). */
export function newId(prefix: string): string {
  return `${prefix}0${Array.from({ length: 9 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

/** block_id and action_id that an app left out: five characters in Slack. */
export function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}

export function secret(bytes = 16): string {
  return randomBytes(bytes).toString('hex');
}

/** Message timestamps: seconds with six digits, unique and rising within the workspace. */
export class TsClock {
  private lastMicros = 0;

  next(nowMs: number = Date.now()): string {
    this.lastMicros = Math.max(this.lastMicros + 1, nowMs * 1_000);
    return `${Math.floor(this.lastMicros / 1_000_000)}.${String(this.lastMicros % 1_000_000).padStart(6, '0')}`;
  }
}
