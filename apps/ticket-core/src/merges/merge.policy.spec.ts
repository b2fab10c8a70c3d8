import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#shared/contracts/actor.js';
import { demandUndo, mayUndo, whyNot } from './merge.policy.js';

const actor = (role: Actor['role'], id = 'me', kind: Actor['kind'] = 'agent'): Actor => ({
  orgId: 'org',
  kind,
  id,
  name: 'Bea',
  role,
  teamIds: null,
  surface: 'api',
});
const ticket = { id: 'a', number: 1, status: 'open' as const, duplicate_of: null, contact_id: 'casey' };
const other = { ...ticket, id: 'b', number: 2 };

describe('who may take a merge back', () => {
  it.each([
    ['who merged', actor('agent'), true],
    ['another agent', actor('agent', 'you'), false],
    ['a manager', actor('manager', 'you'), true],
    ['an administrator', actor('admin', 'you'), true],
    ['a viewer', actor('viewer', 'you'), false],
    ['a contact with the same id', actor(null, 'me', 'contact'), false],
    ['a service', actor(null, 'x', 'system'), true],
  ])('%s: %s', (_who, who, may) => {
    expect(mayUndo(who, { merged_by: 'me' })).toBe(may);
  });

  it('is nobody’s but a manager’s when a service merged', () => {
    expect(mayUndo({ ...actor('agent'), id: null }, { merged_by: null })).toBe(false);
    expect(mayUndo(actor('manager'), { merged_by: null })).toBe(true);
  });

  it('ends after a day, to the millisecond, and says when', () => {
    const merge = { merged_by: 'me', merged_at: new Date('2026-11-02T09:00:00Z') };
    const at = (iso: string) => () => demandUndo(actor('agent'), merge, Date.parse(iso));
    expect(at('2026-11-03T09:00:00.000Z')).not.toThrow();
    expect(at('2026-11-03T09:00:00.001Z')).toThrow('2026-11-03T09:00:00.000Z');
  });
});

describe('which tickets become one', () => {
  it.each([
    ['two open ones', ticket, other, null, null],
    ['a closed source', { ...ticket, status: 'closed' as const }, other, null, null],
    ['a source without a customer', { ...ticket, contact_id: null }, other, null, null],
    ['itself', ticket, ticket, '#1 cannot become part of itself', 'both'],
    ['a closed survivor', ticket, { ...other, status: 'closed' as const }, '#2 is closed', 'survivor'],
    [
      'a survivor that is part of another',
      ticket,
      { ...other, duplicate_of: 'c' },
      '#2 is part of #7 itself',
      'survivor',
    ],
    ['a source that is part of another', { ...ticket, duplicate_of: 'c' }, other, '#1 is part of #7 already', 'source'],
    ['a survivor without a customer', ticket, { ...other, contact_id: null }, 'merge #2 into #1', 'survivor'],
  ])('%s', (_what, source, survivor, why, about) => {
    const said = whyNot(source, survivor, 7);
    if (why === null) expect(said).toBeNull();
    else expect(said).toEqual({ why: expect.stringContaining(why), about });
  });
});
