import { describe, expect, it } from '@jest/globals';
import { type Actor, ROLES } from '#shared/contracts/actor.js';
import { can, demand, type TicketAction } from './ticket.policy.js';

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
const actions: TicketAction[] = ['open', 'read', 'list', 'update', 'reply', 'note', 'read_activities'];
const theirs = { contactId: '0190a000-0000-7000-8000-000000000003', teamId: null, assigneeId: null };

describe('who may do what with tickets', () => {
  it('lets viewers look and every other role act', () => {
    for (const role of ROLES) {
      const allowed = actions.filter((action) => can(actor({ role }), action, theirs));
      expect(allowed).toEqual(role === 'viewer' ? ['read', 'list', 'read_activities'] : actions);
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
});
