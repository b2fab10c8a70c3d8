const MINUTE_MS = 60_000;

/**
 * What a timer logs: whole minutes, a begun one counts, and at least one. A clock that was set back meanwhile gives one too.
 */
export const timerMinutes = (startedAtMs: number, stoppedAtMs: number): number =>
  Math.max(1, Math.ceil((stoppedAtMs - startedAtMs) / MINUTE_MS));
