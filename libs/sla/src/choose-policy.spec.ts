import { describe, expect, it } from '@jest/globals';
import { choosePolicy } from './choose-policy.js';
import { conditionSchema } from './condition.schema.js';
import { conditionHolds } from './conditions-hold.js';
import { SEEDED_POLICIES } from './seeded-policies.js';
import type { TicketFacts } from './ticket-facts.js';

const ticket: TicketFacts = {
  status: 'open',
  priority: 'urgent',
  category: 'billing',
  source: 'email',
  subject: 'Refund for March',
  teamId: 'team-1',
  assigneeId: null,
  tags: ['VIP', 'churn-risk'],
  contact: { email: 'Jo@Example.COM', name: 'Jo' },
  company: 'Example Ltd',
  entity: { type: 'device', id: 'd-1', name: null },
  customFields: { seats: 40, plan: 'gold', trial: false, regions: ['eu', 'us'], '': 'x' },
};

function holds(field: string, operator: string, value?: unknown): boolean {
  return conditionHolds(conditionSchema.parse({ field, operator, value }), ticket);
}

function issueOf(condition: unknown): string {
  const result = conditionSchema.safeParse(condition);
  return result.success
    ? ''
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

describe('a condition', () => {
  it.each([
    ['priority', 'equals', 'urgent', true],
    ['priority', 'equals', 'critical', true],
    ['priority', 'equals', 'high', false],
    ['priority', 'in', ['critical', 'high'], true],
    ['priority', 'not_equals', 'low', true],
    ['status', 'not_equals', 'closed', true],
    ['status', 'in', ['waiting', 'on_hold'], false],
    ['channel', 'equals', 'email', true],
    ['category', 'equals', 'billing', true],
    ['category', 'equals', 'Billing', false],
    ['tags', 'contains', 'vip', true],
    ['tags', 'contains', 'vi', false],
    ['tags', 'in', ['gold', 'churn-risk'], true],
    ['tags', 'is_empty', true, false],
    ['team', 'equals', 'team-1', true],
    ['assignee_id', 'is_empty', true, true],
    ['assignee_id', 'is_empty', undefined, true],
    ['assignee_id', 'is_empty', false, false],
    ['assigneeId', 'equals', 'bea', false],
    ['assigneeId', 'not_equals', 'bea', true],
    ['assigneeId', 'in', ['bea'], false],
    ['contact.email', 'equals', 'jo@example.com', true],
    ['contact.domain', 'equals', 'example.com', true],
    ['contact.domain', 'in', ['acme.test'], false],
    ['company', 'contains', 'example', true],
    ['subject', 'contains', 'refund', true],
    ['entity.type', 'equals', 'device', true],
    ['entity.name', 'is_empty', true, true],
    ['customFields.seats', 'equals', 40, true],
    ['customFields.seats', 'equals', '40', false],
    ['customFields.seats', 'contains', '4', false],
    ['custom_fields.plan', 'in', ['gold'], true],
    ['customFields.trial', 'equals', false, true],
    ['customFields.trial', 'is_empty', true, false],
    ['customFields.regions', 'contains', 'eu', true],
    ['customFields.none', 'is_empty', true, true],
    ['customFields.constructor', 'is_empty', true, true],
  ])('%s %s %j is %s', (field, operator, value, expected) => {
    expect(holds(field, operator, value)).toBe(expected);
  });

  it.each([
    [{ field: 'mood', operator: 'equals', value: 'x' }, /^field: "mood" is not a field/],
    [{ field: 'constructor', operator: 'equals', value: 'x' }, /^field: "constructor"/],
    [{ operator: 'equals', value: 'x' }, /^field: must be the name/],
    [{ field: 'priority', operator: 'resembles', value: 'x' }, /^operator: "resembles" is not an operator/],
    [{ field: 'tags', operator: 'equals', value: 'vip' }, /^operator: equals does not fit the field tags/],
    [
      { field: 'priority', operator: 'contains', value: 'urgent' },
      /^operator: contains does not fit the field priority/,
    ],
    [{ field: 'priority', operator: 'equals', value: 'urgnt' }, /^value: "urgnt" is not a priority: use one of low/],
    [{ field: 'priority', operator: 'equals', value: 3 }, /^value: must be text for the field priority, not a number/],
    [{ field: 'priority', operator: 'equals', value: ['high'] }, /^value: must be text .*not a list/],
    [{ field: 'priority', operator: 'equals' }, /^value: .*not missing/],
    [{ field: 'priority', operator: 'in', value: 'high' }, /^value: must be a list/],
    [{ field: 'priority', operator: 'in', value: [] }, /^value: must be a list/],
    [{ field: 'priority', operator: 'in', value: ['high', 1] }, /^value: must be text/],
    [{ field: 'assigneeId', operator: 'is_empty', value: 'yes' }, /^value: must be true or false/],
    [{ field: 'customFields.x', operator: 'equals', value: null }, /^value: .*not null/],
  ])('that is wrong is refused by name: %j', (condition, message) => {
    expect(issueOf(condition)).toMatch(message);
  });

  it('as parsed can be parsed again', () => {
    const once = conditionSchema.parse({ field: 'custom_fields.plan', operator: 'in', value: ['gold'] });
    expect(conditionSchema.parse(once)).toEqual(once);
  });
});

describe('the policy of a ticket', () => {
  const policy = (id: string, priority: number, createdAt: number, enabled = true, value = 'vip') => ({
    id,
    priority,
    createdAt,
    enabled,
    conditions: [conditionSchema.parse({ field: 'tags', operator: 'contains', value })],
  });

  it('is the first enabled one by priority, then age, whose conditions all hold', () => {
    expect(choosePolicy([policy('low', 1, 1), policy('high', 9, 5)], ticket)?.id).toBe('high');
    expect(choosePolicy([policy('new', 5, 9), policy('old', 5, 2)], ticket)?.id).toBe('old');
    expect(choosePolicy([policy('b', 5, 2), policy('a', 5, 2)], ticket)?.id).toBe('a');
    expect(choosePolicy([policy('off', 9, 1, false), policy('on', 1, 1)], ticket)?.id).toBe('on');
    expect(choosePolicy([policy('other', 9, 1, true, 'gold'), policy('fits', 1, 1)], ticket)?.id).toBe('fits');
  });

  it('needs every condition, and without conditions fits every ticket', () => {
    const both = policy('both', 9, 1);
    both.conditions.push(conditionSchema.parse({ field: 'category', operator: 'equals', value: 'bug' }));
    expect(choosePolicy([both], ticket)).toBeNull();
    expect(choosePolicy([both, { ...both, id: 'any', priority: 0, conditions: [] }], ticket)?.id).toBe('any');
  });
});

describe('the seeded policies', () => {
  const seeded = SEEDED_POLICIES.map((policy, index) => ({ ...policy, id: String(index), createdAt: 0 }));

  it.each([
    ['urgent', 30, 4 * 60],
    ['high', 2 * 60, 8 * 60],
    ['medium', 8 * 60, 48 * 60],
    ['low', 24 * 60, 7 * 24 * 60],
  ] as const)('%s: %i and %i minutes, round the clock', (priority, firstResponseMinutes, resolutionMinutes) => {
    expect(choosePolicy(seeded, { status: 'open', priority })).toMatchObject({
      firstResponseMinutes,
      resolutionMinutes,
      nextResponseMinutes: null,
      firstResponseBy: 'public_reply_or_status_change',
      calendar: null,
    });
  });

  it('give way to any policy that a manager adds', () => {
    const added = { ...seeded[0]!, id: 'added', priority: 0, createdAt: 99, conditions: [] };
    expect(choosePolicy([...seeded, added], { status: 'open', priority: 'urgent' })?.id).toBe('added');
  });
});
