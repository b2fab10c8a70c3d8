import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFrame, writeFrame } from './frame.js';

describe('a binary frame', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (head, parts) => {
        const frame = readFrame(writeFrame(head, parts));
        expect(frame.head).toEqual(JSON.parse(JSON.stringify(head)));
        expect(frame.parts.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses one that was cut off anywhere', () => {
    const whole = writeFrame({ a: 1 }, [Buffer.from('mail')]);
    const ends = new Set([4 + 7, whole.length]);
    for (let cut = 0; cut < whole.length; cut++) {
      if (!ends.has(cut)) expect(() => readFrame(whole.subarray(0, cut))).toThrow(/frame/i);
    }
  });
});
