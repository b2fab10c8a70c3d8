import { describe, expect, it } from '@jest/globals';
import { isOwnLoopMark, loopMark } from './loop-mark.js';

const TICKET = '0198a000-0000-7000-8000-00000000000a';

describe('the loop mark', () => {
  it('is known again, and another desk’s is not', () => {
    const mark = loopMark(TICKET, 'ours');
    expect(isOwnLoopMark(mark, 'ours')).toBe(true);
    expect(isOwnLoopMark(` ${mark} `, 'ours')).toBe(true);
    expect(isOwnLoopMark(mark, 'theirs')).toBe(false);
  });

  it.each([null, '', TICKET, `${TICKET} `, `${TICKET} 0123`, 'x y z'])('is not %j', (mark) => {
    expect(isOwnLoopMark(mark, 'ours')).toBe(false);
  });
});
