import { describe, expect, it } from '@jest/globals';
import { type Actor, ROLES } from '#shared/contracts/actor.js';
import { can, demand, mayRestore, type TicketAction, UNDELETE_WITHIN_MS } from './ticket.policy.js';

const actor = (overrides: Partial<Actor>): Actor => ({
  orgId: '0190a000-0000-7000-8000-000000000001',
  kind: 'agent',
  id: '0190a000-0000-7000-8000-000000000002',
  name: 'Bea',
  role: 'agent',
  teamIds: null,
  surface: 'api',
  ...overrides,
});
const actions: TicketAction[] = [
  'open',
  'read',
  'list',
  'update',
  'delete',
  'link',
  'watch',
  'reply',
  'note',
  'read_activities',
];
const theirs = { contactId: '0190a000-0000-7000-8000-000000000003', teamId: null, assigneeId: null };

describe('who may do what with tickets', () => {
  it('lets viewers look and every other role act', () => {
    for (const role of ROLES) {
      const allowed = actions.filter((action) => can(actor({ role }), action, theirs));
      expect(allowed).toEqual(role === 'viewer' ? ['read', 'list', 'watch', 'read_activities'] : actions);
    }
  });

  it('lets a contact read and answer their own ticket only, and never see a note', () => {
    const contact = actor({ kind: 'contact', role: null, id: theirs.contactId });
    expect(actions.filter((action) => can(contact, action, theirs))).toEqual(['open', 'read', 'reply']);
    expect(actions.filter((action) => can(contact, action, { ...theirs, contactId: null }))).toEqual([]);
    expect(() => demand(contact, 'read', { ...theirs, contactId: 'somebody else' })).toThrow('There is no such ticket');
  });

  it('shows an agent who is restricted to teams only their tickets and their own', () => {
    const restricted = actor({ teamIds: ['billing'] });
    const seen = (teamId: string | null, assigneeId: string | null) =>
      can(restricted, 'read', { ...theirs, teamId, assigneeId });
    expect([seen('billing', null), seen(null, restricted.id), seen('sales', restricted.id)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([seen('sales', null), seen(null, null), seen('sales', 'somebody else')]).toEqual([false, false, false]);
    expect(() => demand(restricted, 'update', theirs)).toThrow('There is no such ticket');
  });

  it('lets an agent without a role do nothing', () => {
    expect(actions.some((action) => can(actor({ role: null }), action, theirs))).toBe(false);
    expect(() => demand(actor({ role: 'viewer' }), 'update', theirs)).toThrow(/viewer/);
  });

  it('lets managers restore a ticket at any time, and for a day whoever deleted it', () => {
    const bea = actor({});
    const restore = (who: Actor, byId: string | null, agoMs: number) =>
      mayRestore(who, theirs, { byId, atMs: 0 }, agoMs);
    expect([restore(bea, bea.id, UNDELETE_WITHIN_MS - 1), restore(bea, bea.id, UNDELETE_WITHIN_MS)]).toEqual([
      true,
      false,
    ]);
    expect([restore(bea, 'somebody else', 0), restore(bea, null, 0)]).toEqual([false, false]);
    for (const role of ['manager', 'admin'] as const) expect(restore(actor({ role }), null, 1e12)).toBe(true);
    expect(restore(actor({ role: 'manager', teamIds: ['billing'] }), null, 0)).toBe(false);
    expect(restore(actor({ role: 'viewer' }), bea.id, 0)).toBe(false);
    expect(restore(actor({ kind: 'contact', role: null, id: theirs.contactId }), theirs.contactId, 0)).toBe(false);
  });
});
