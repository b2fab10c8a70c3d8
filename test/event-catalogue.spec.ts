import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { event } from '#shared/contracts/event.js';
import { EVENTS } from '#shared/contracts/events.js';
import { CATALOGUE, consumersInTree, currentCatalogue, eventCatalogue } from '../scripts/event-catalogue.js';

describe('docs/events.md', () => {
  it('says what the contracts say (else: npm run -s docs:events)', () => {
    expect(readFileSync(CATALOGUE, 'utf8')).toBe(currentCatalogue());
  });

  it('shows every event with its fields and its consumers', () => {
    const parcelSent = event({
      name: 'parcel.sent',
      version: 3,
      payload: z.object({ parcelId: z.uuid(), weightGrams: z.int().positive(), to: z.string().nullable() }),
      when: 'A parcel left the house.',
    });
    const page = eventCatalogue([parcelSent], () => [{ file: 'apps/x/tell-on-parcel-sent.ts', durable: 'x-tell' }]);
    expect(page).toContain('A parcel left the house. Version 3, subject `desk.events.parcel.sent.<orgId>`.');
    expect(page).toContain('| `weightGrams` | integer above 0 |');
    expect(page).toContain('| `to` | string or null |');
    expect(page).toContain('- `x-tell` (apps/x/tell-on-parcel-sent.ts)');
  });

  it('finds the consumers of every event that Slack shows', () => {
    const heard = EVENTS.filter((one) => consumersInTree(one).length > 0).map(({ name }) => name);
    expect(heard).toEqual(expect.arrayContaining(['ticket.opened', 'message.posted', 'sla.warning', 'sla.breached']));
  });
});
