import { describe, expect, it } from '@jest/globals';
import { thingInLines } from './thing.js';

describe('a thing for people', () => {
  it('is a line a field, without what is empty, and names in place of things', () => {
    const team = {
      id: 'a',
      memberCount: 2,
      warn_at: [0.8, 0.9],
      description: null,
      tags: [],
      members: [
        { id: 'b', name: 'Bea' },
        { id: 'm', name: 'Max' },
      ],
      tickets: { total: 3, open: 1 },
      company: { id: 'c', name: 'Customer' },
    };
    expect(thingInLines(team, false).split('\n')).toEqual([
      'id            a',
      'member count  2',
      'warn at       0.8, 0.9',
      'members       Bea, Max',
      'tickets       total 3, open 1',
      'company       Customer',
    ]);
  });

  it('shows what goes deeper as JSON, and nothing that steers the terminal', () => {
    expect(thingInLines({ hours: { mon: [['09:00', '18:00']] } }, false)).toContain('"mon"');
    expect(thingInLines({ name: 'a\u001b[31m' }, false)).not.toContain('\u001b');
  });
});
