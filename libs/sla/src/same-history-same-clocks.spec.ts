import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateSla } from './evaluate-sla.js';
import { explainSla } from './explain-sla.js';
import { tryHistories } from './testing/agree.js';
import { questionArb } from './testing/histories.js';

describe('the engine and the dumb one that walks from minute to minute', () => {
  it('agree to the millisecond on histories of whole minutes', () => void tryHistories(60_000, 150));
  it('agree to the millisecond on histories of single milliseconds', () => void tryHistories(1, 150));
});

describe('any history', () => {
  it('gives the same clocks in whatever order and however often it is delivered', () => {
    fc.assert(
      fc.property(questionArb(1), fc.infiniteStream(fc.nat()), (question, numbers) => {
        const shuffled = [...question.events, ...question.events]
          .map((event) => ({ event, rank: numbers.next().value as number }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ event }) => event);
        expect(evaluateSla({ ...question, events: shuffled })).toEqual(evaluateSla(question));
      }),
      { numRuns: 200 },
    );
  });

  it('adds up: consumed and paused are all the time a clock was on, and a later look never moves a breach', () => {
    fc.assert(
      fc.property(questionArb(1), fc.nat({ max: 10_000_000 }), (question, laterMs) => {
        const events = question.events.filter(({ at }) => at <= question.now);
        const now = evaluateSla({ ...question, events });
        const later = evaluateSla({ ...question, events, now: question.now + laterMs });
        for (const clock of now.clocks) {
          const then = later.clocks.find(({ target, cycle }) => target === clock.target && cycle === clock.cycle);
          expect(then?.startedAt).toBe(clock.startedAt);
          if (clock.breachedAt !== null) expect(then?.breachedAt).toBe(clock.breachedAt);
          if (clock.stoppedAt !== null) expect(then).toEqual(clock);
          if (clock.state === 'running') expect(then?.dueAt).toBe(clock.dueAt);
          expect(clock.heldMs).toBeLessThanOrEqual(clock.pausedMs);
        }
        // Between now and the soonest instant nothing changes by itself.
        if (now.dueSoonest === null || question.now + laterMs < now.dueSoonest) expect(later.status).toBe(now.status);
      }),
      { numRuns: 200 },
    );
  });

  it('can be explained, a line for each event at least', () => {
    fc.assert(
      fc.property(questionArb(60_000), (question) => {
        const happened = question.events.filter(({ at }) => at <= question.now).length;
        expect(explainSla(question).length).toBeGreaterThanOrEqual(happened === 0 ? 1 : happened + 1);
      }),
      { numRuns: 100 },
    );
  });
});
