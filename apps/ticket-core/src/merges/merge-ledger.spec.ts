import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newTo, type Shared, takeBack } from './merge-ledger.js';

const shared = (tags: string[]): Shared => ({ tags, cc: tags.map((tag) => `${tag}@x.example`), watchers: [] });

describe('what a merge adds', () => {
  it('is what the survivor did not have', () => {
    expect(newTo(shared(['a', 'b']), shared(['b', 'c']))).toEqual(shared(['c']));
  });

  it('goes with it, unless another merge brought the same', () => {
    const first = { had: shared(['a', 'b']), added: shared(['a', 'b']) };
    const second = { had: shared(['b', 'c']), added: shared(['c']) };
    const { remove, heirs } = takeBack(first, [second]);
    expect(remove).toEqual(shared(['a']));
    expect(heirs).toEqual([{ had: shared(['b', 'c']), added: shared(['c', 'b']) }]);
  });

  it('is all gone in the end, in whatever order merges are undone, and never sooner than the last who brought it', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    const story = fc.record({ own: names, sources: fc.array(names, { maxLength: 4 }), order: fc.array(fc.nat(3)) });
    fc.assert(
      fc.property(story, ({ own, sources, order }) => {
        let survivor: string[] = own;
        let held = sources.map((tags) => {
          const had = { tags, cc: [], watchers: [] };
          const added = newTo({ tags: survivor, cc: [], watchers: [] }, had);
          survivor = [...survivor, ...added.tags];
          return { had, added };
        });
        for (const pick of [...order, ...sources.keys()]) {
          const undone = held[pick % Math.max(1, held.length)];
          if (!undone) break;
          const others = held.filter((one) => one !== undone);
          const { remove, heirs } = takeBack(undone, others);
          survivor = survivor.filter((tag) => !remove.tags.includes(tag));
          held = others.map((one) => heirs.find(({ had }) => had === one.had) ?? one);
          const wanted = new Set([...own, ...held.flatMap(({ had }) => had.tags)]);
          expect(new Set(survivor)).toEqual(wanted);
        }
        for (let rest = held.length; rest > 0; rest--) {
          const { remove, heirs } = takeBack(held[0]!, held.slice(1));
          survivor = survivor.filter((tag) => !remove.tags.includes(tag));
          held = held.slice(1).map((one) => heirs.find(({ had }) => had === one.had) ?? one);
        }
        expect(survivor).toEqual(own);
      }),
    );
  });
});
