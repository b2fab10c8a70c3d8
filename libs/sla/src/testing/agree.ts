import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { evaluateSla, type SlaQuestion } from '../evaluate-sla.js';
import { pointedEventArb, questionArb } from './histories.js';
import { minuteByMinute, type DumbClock } from './minute-by-minute.js';
import { traitsOf } from './what-was-covered.js';

/** What a run went through. `traits` counts the generated histories that have each of them. */
export type Tally = { histories: number; clocks: number; breached: number; traits: Map<string, number> };

/**
 * Throws, with the smallest history it can find and its seed, where the engine and the dumb implementation differ.
 * Each history is asked twice: as generated, and again where it hurts: with one more event at the very instant of
 * one of its warnings or deadlines, looked at from there or a millisecond (an hour) beside it.
 */
export function tryHistories(unitMs: 60_000 | 1, numRuns: number): Tally {
  const tally: Tally = { histories: 0, clocks: 0, breached: 0, traits: new Map() };
  const compareAndCount = (question: SlaQuestion): DumbClock[] => {
    const clocks = compare(question);
    tally.histories += 1;
    tally.clocks += clocks.length;
    tally.breached += clocks.filter(({ breachedAt }) => breachedAt !== null).length;
    return clocks;
  };
  const beside = fc.constantFrom(-1, 0, 0, 1, 3_600_000);
  fc.assert(
    fc.property(questionArb(unitMs), fc.nat(), beside, pointedEventArb, (question, pick, besideMs, pointed) => {
      for (const trait of traitsOf(question)) tally.traits.set(trait, (tally.traits.get(trait) ?? 0) + 1);
      const clocks = compareAndCount(question);
      const instants = clocks.flatMap(({ dueAt, warnings, escalations }) => [
        dueAt,
        ...warnings.map(({ at }) => at),
        ...escalations.map(({ at }) => at),
      ]);
      const at = instants[pick % instants.length];
      if (at === undefined) return;
      const events = pointed ? [...question.events, { ...pointed, id: 'pointed', seq: 1_000, at }] : question.events;
      compareAndCount({ ...question, events, now: at + besideMs });
    }),
    { numRuns },
  );
  return tally;
}

function compare(question: SlaQuestion): DumbClock[] {
  const engine = comparable(question);
  const dumb = minuteByMinute(question);
  if (!isDeepStrictEqual(engine, dumb)) {
    throw new Error(`they differ:\nengine ${JSON.stringify(engine, null, 1)}\ndumb   ${JSON.stringify(dumb, null, 1)}`);
  }
  return dumb.clocks;
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
