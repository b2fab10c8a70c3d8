import { describe, expect, it } from '@jest/globals';
import { changedFields } from './changed-fields.js';

const now = { id: 'a', name: 'vip', color: '#ef4444', version: 3, usage: { total: 1 }, updatedAt: 'then' };

describe('what a file wants changed', () => {
  it('is what differs, when it is the thing itself', () => {
    expect(changedFields({ ...now, color: '#000000' }, now)).toEqual({ color: '#000000' });
    expect(changedFields(JSON.parse(JSON.stringify(now)) as typeof now, now)).toEqual({});
    expect(changedFields({ ...now, usage: { total: 2 } }, now)).toEqual({ usage: { total: 2 } });
  });

  it('is all of it, when it is fields only', () =>
    expect(changedFields({ name: 'vip' }, now)).toEqual({ name: 'vip' }));

  it('is nothing, when it was changed meanwhile or is of another thing', () => {
    expect(() => changedFields({ ...now, version: 2 }, now)).toThrow('version');
    expect(() => changedFields({ ...now, updatedAt: 'before' }, now)).toThrow('updatedAt');
    expect(() => changedFields({ ...now, id: 'b' }, now)).toThrow('another');
  });
});
