import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { evaluateSla, type SlaQuestion } from '../evaluate-sla.js';
import { questionArb } from './histories.js';
import { minuteByMinute } from './minute-by-minute.js';

/** Throws, with the smallest history it can find and its seed, where the engine and the dumb implementation differ. */
export function tryHistories(unitMs: 60_000 | 1, numRuns: number): void {
  fc.assert(
    fc.property(questionArb(unitMs), (question) => {
      const engine = comparable(question);
      const dumb = minuteByMinute(question);
      if (!isDeepStrictEqual(engine, dumb)) {
        throw new Error(
          `they differ:\nengine ${JSON.stringify(engine, null, 1)}\ndumb   ${JSON.stringify(dumb, null, 1)}`,
        );
      }
    }),
    { numRuns },
  );
}

/** What both say; the rest of the engine's answer must follow from it. */
function comparable(question: SlaQuestion): ReturnType<typeof minuteByMinute> {
  const { clocks, dueSoonest, status } = evaluateSla(question);
  return {
    clocks: clocks.map(({ targetMs, warnAt, remainingMs, ...clock }) => {
      const derived =
        warnAt === (clock.warnings[0]?.at ?? null) &&
        remainingMs === (clock.stoppedAt === null ? targetMs - clock.consumedMs : null);
      if (!derived) throw new Error(`contradicts itself: ${JSON.stringify({ clock, warnAt, remainingMs })}`);
      return clock;
    }),
    dueSoonest,
    status,
  };
}
