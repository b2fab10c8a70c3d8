import { expect, it } from '@jest/globals';
import { counted } from './counted.js';

it('says one of a thing, and several of them', () => {
  expect([0, 1, 2, 1_234].map((count) => counted(count, 'open ticket'))).toEqual([
    '0 open tickets',
    '1 open ticket',
    '2 open tickets',
    '1,234 open tickets',
  ]);
  expect([counted(1, 'entry', 'entries'), counted(3, 'entry', 'entries')]).toEqual(['1 entry', '3 entries']);
});
