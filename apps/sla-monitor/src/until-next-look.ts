/** Timers may fire a moment early, and the instant itself is still in time: look just after it. */
const JUST_AFTER_MS = 2;

/** How long to sleep when the next clock is due in `nextInMs` (null: none runs), and never longer than `longestMs`. */
export const untilNextLookMs = (nextInMs: number | null, longestMs: number): number =>
  nextInMs === null ? longestMs : nextInMs === 0 ? 0 : Math.min(nextInMs + JUST_AFTER_MS, longestMs);
