import type { BusinessTime } from './business-time.js';
import type { ClockLife } from './clock-lives.js';
import type { Pause } from './pauses.js';

type Measure = { openMs: number; wallMs: number; heldMs: number };

/** Consumed (open) time, all time, time held by pauses; and when each amount of consumed time was reached. */
export type Count = Measure & { reachedAt: number[]; counted: number };

/**
 * Counts the business time of the spans up to `end`, less the pauses. `amountsMs` ascend; `reachedAt[i]` is when that much
 * was consumed: the first `counted` by `end`, the others where they would be if the clock went on then.
 */
export function countOpenTime(
  spans: ClockLife['spans'],
  amountsMs: readonly number[],
  time: BusinessTime,
  pauses: readonly Pause[],
  end: number,
): Count {
  const reachedAt: number[] = [];
  const sum: Measure = { openMs: 0, wallMs: 0, heldMs: 0 };
  const count = (from: number, to: number): void => {
    const openMs = time.openMsBetween(from, to);
    while (reachedAt.length < amountsMs.length && amountsMs[reachedAt.length]! <= sum.openMs + openMs) {
      reachedAt.push(time.addOpenMs(from, amountsMs[reachedAt.length]! - sum.openMs));
    }
    sum.openMs += openMs;
  };
  for (const span of spans) {
    if (span.from > end) break;
    const spanEnd = Math.min(span.to ?? end, end);
    sum.wallMs += spanEnd - span.from;
    let from = span.from;
    for (const pause of pauses) {
      const pauseEnd = pause.to ?? spanEnd;
      if (pauseEnd <= from) continue;
      if (pause.from >= spanEnd) break;
      if (pause.from > from) count(from, pause.from);
      const heldFrom = Math.max(from, pause.from);
      const heldTo = Math.min(pauseEnd, spanEnd);
      sum.heldMs += heldTo - heldFrom;
      from = heldTo;
    }
    if (from < spanEnd) count(from, spanEnd);
  }
  const counted = reachedAt.length;
  for (let index = counted; index < amountsMs.length; index += 1) {
    reachedAt.push(time.addOpenMs(end, amountsMs[index]! - sum.openMs));
  }
  return { ...sum, reachedAt, counted };
}
