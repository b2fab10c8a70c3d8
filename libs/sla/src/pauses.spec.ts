import { describe, expect, it } from '@jest/globals';
import { pausesOf, pauseSwitches } from './pauses.js';
import { at, buildHistory, movedTo, noteAdded, opened, paused, resolved, resumed } from './testing/build-history.js';

const on = ['on_hold', 'pending'] as const;

describe('the pauses of a history', () => {
  it('are the union of status and hand, sorted and apart; the last may still last', () => {
    const history = buildHistory(
      ['09:00', opened],
      ['09:10', movedTo('pending')],
      ['09:15', noteAdded],
      ['09:20', paused],
      ['09:30', movedTo('open')],
      ['09:40', resumed],
      ['09:50', movedTo('on_hold')],
    );
    expect(pausesOf(pauseSwitches(history), on)).toEqual([
      { from: at('09:10'), to: at('09:40') },
      { from: at('09:50'), to: null },
    ]);
    expect(pausesOf(pauseSwitches(history), [])).toEqual([{ from: at('09:20'), to: at('09:40') }]);
  });

  it('go on when the ticket leaves and enters a pause in one instant', () => {
    const history = buildHistory(
      ['09:00', { ...opened, status: 'pending' }],
      ['09:10', movedTo('open')],
      ['09:10', movedTo('on_hold')],
    );
    expect(pausesOf(pauseSwitches(history), on)).toEqual([{ from: at('09:00'), to: null }]);
  });

  it('of no length are left out, and resolving ends a status but not the hand', () => {
    const blink = buildHistory(['09:00', opened], ['09:10', movedTo('pending')], ['09:10', movedTo('open')]);
    expect(pausesOf(pauseSwitches(blink), on)).toEqual([]);
    const byHand = buildHistory(['09:00', opened], ['09:10', movedTo('pending')], ['09:20', resolved]);
    expect(pausesOf(pauseSwitches(byHand), on)).toEqual([{ from: at('09:10'), to: at('09:20') }]);
    expect(pausesOf(pauseSwitches([...byHand, ...buildHistory(['09:30', paused])]), on).at(-1)?.to).toBeNull();
  });
});
