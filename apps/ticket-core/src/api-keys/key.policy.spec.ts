import { describe, expect, it } from '@jest/globals';
import { lesserRole, ROLES } from '#shared/contracts/actor.js';
import { AREAS, opens, SCOPES } from '#shared/contracts/api-keys.js';
import { demandScope } from '../http/scope.policy.js';
import { withinExpiry, withinScopes } from './key.policy.js';
import { hashOf, makeKey } from './key-secret.js';

describe('scopes', () => {
  it('open their own area only, and writing reads too', () => {
    for (const area of AREAS) {
      for (const other of AREAS) {
        expect([area, other, opens([`${area}:read`], other, 'read')]).toEqual([area, other, area === other]);
        expect(opens([`${area}:read`], other, 'write')).toBe(false);
        expect(opens([`${area}:write`], other, 'write')).toBe(area === other);
        expect(opens([`${area}:write`], other, 'read')).toBe(area === other);
        expect(opens(['*'], other, 'write')).toBe(true);
        expect(opens(null, other, 'write')).toBe(true);
        expect(opens([], other, 'read')).toBe(false);
      }
    }
    expect(SCOPES).toHaveLength(AREAS.length * 2 + 1);
  });

  it('are asked for by name, and what declares no area is closed to keys that have any', () => {
    expect(() => demandScope(['contacts:write', 'tickets:read'], 'tickets', 'write')).toThrow(
      'it needs the scope tickets:write and has contacts:write, tickets:read',
    );
    expect(() => demandScope(['tickets:write'], undefined, 'read')).toThrow('it needs the scope *');
    for (const scopes of [null, ['*']]) expect(() => demandScope(scopes, undefined, 'write')).not.toThrow();
    expect(() => demandScope([], 'any', 'read')).not.toThrow();
  });

  it('of a key made by another are never beyond that one’s', () => {
    expect(withinScopes(null, null)).toBeNull();
    expect(withinScopes(null, ['time:read', 'time:read'])).toEqual(['time:read']);
    expect(withinScopes(['people:write'], null)).toEqual(['people:write']);
    expect(withinScopes(['people:write'], ['people:read'])).toEqual(['people:read']);
    expect(withinScopes(['*'], ['*'])).toEqual(['*']);
    for (const wanted of [['*'], ['people:write', 'tickets:read'], ['tickets:write']])
      expect(() => withinScopes(['people:write'], wanted)).toThrow('beyond');
    expect(() => withinScopes(['people:read'], ['people:write'])).toThrow('people:write');
  });
});

describe('the end of a key', () => {
  const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2027-01-01T00:00:00Z')];

  it('that is made by another is not after that one’s', () => {
    expect(withinExpiry(null, null)).toBeNull();
    expect(withinExpiry(null, late)).toBe(late);
    expect(withinExpiry(late, null)).toBe(late);
    expect(withinExpiry(late, early)).toBe(early);
    expect(withinExpiry(late, late)).toBe(late);
    expect(() => withinExpiry(early, late)).toThrow('expiresAt: is after the end of the key that you use');
  });
});

describe('a role that is limited', () => {
  it('is the lesser of the two', () => {
    for (const [at, role] of ROLES.entries())
      for (const [limit, limited] of ROLES.entries())
        expect(lesserRole(role, limited)).toBe(ROLES[Math.min(at, limit)]);
    expect(lesserRole('admin', null)).toBe('admin');
  });
});

describe('a new key', () => {
  it('names its organisation, has 256 random bits, and shows six characters of them', () => {
    const { key, prefix, hash } = makeKey('acme-corp');
    expect(key).toMatch(/^dw_acme-corp_[A-Za-z0-9_-]{43}$/);
    expect(prefix).toBe(key.slice(0, 'dw_acme-corp_'.length + 6));
    expect(hash).toEqual(hashOf(key));
    expect(makeKey('acme-corp').key).not.toBe(key);
  });
});
