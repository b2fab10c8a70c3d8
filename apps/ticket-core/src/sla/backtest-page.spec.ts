import { describe, expect, it } from '@jest/globals';
import { systemActor } from '#shared/contracts/actor.js';
import type { TicketFacts } from '#sla/ticket-facts.js';
import { policySchema } from '#sla/policy.schema.js';
import { activity, type ActivityRead, type ActivityType } from '../activities/activity.view.js';
import { backtestOf, type PastTicket } from './backtest-page.js';
import { factsAtOpening } from './facts-at-opening.js';
import { storedRulesOf } from './stored-rules.js';

const MINUTE = 60_000;
const BEGAN = Date.parse('2026-09-01T09:00:00Z');
const NOW = BEGAN + 24 * 60 * MINUTE;
const ORG = '0190c1a2-0000-7000-8000-0000000000aa';
const bea = { ...systemActor(ORG), kind: 'agent' as const, id: ORG, name: 'Bea' };
const casey = { ...systemActor(ORG), kind: 'contact' as const, id: ORG, name: 'Casey' };

const line = (
  minute: number,
  type: ActivityType,
  values: object = {},
  actor: typeof bea | typeof casey = bea,
): ActivityRead => {
  const written = activity(actor, ORG, type, BEGAN + minute * MINUTE, values);
  return { ...written, at: new Date(written.at) };
};
const opened = (priority = 'medium') => line(0, 'created', { to: { priority } }, casey);
const answered = (minute: number) => line(minute, 'message_added', { to: { messageId: String(minute) } });
const rules = (minutes: object) => storedRulesOf(policySchema.parse({ name: 'Was', ...minutes }));
let count = 0;
const past = (history: ActivityRead[], facts: Partial<TicketFacts> = {}): PastTicket => ({
  id: `0190c1a2-0000-7000-8000-${String((count += 1)).padStart(12, '0')}`,
  number: count,
  subject: 'x',
  facts: { status: 'open', priority: 'medium', tags: [], ...facts },
  initial_rules: rules({ firstResponseMinutes: 60 }),
  history,
});
const proposed = (more: object = {}) => policySchema.parse({ name: 'Proposed', firstResponseMinutes: 30, ...more });

describe('a policy tried on the past', () => {
  it('counts by priority and target what was breached and what would have been, and names the tickets that differ', () => {
    const [inTime, between, late, never] = [
      past([opened(), answered(10)]),
      past([opened('high'), answered(45)]),
      past([opened(), answered(90)]),
      past([opened('low')]),
    ];
    const result = backtestOf([inTime, between, late, never], proposed(), null, NOW);
    expect(result).toMatchObject({ tickets: 4, applies: 4 });
    expect(result.rows).toEqual([
      { priority: 'medium', target: 'first_response', tickets: 2, breached: 1, wouldBeBreached: 1 },
      { priority: 'high', target: 'first_response', tickets: 1, breached: 0, wouldBeBreached: 1 },
      { priority: 'low', target: 'first_response', tickets: 1, breached: 1, wouldBeBreached: 1 },
    ]);
    expect(result.differing).toEqual([
      {
        ticket: { id: between.id, number: between.number, subject: 'x', priority: 'high' },
        target: 'first_response',
        was: 'met',
        would: 'breached',
        dueAt: '2026-09-01T09:30:00.000Z',
        lateMs: 15 * MINUTE,
      },
    ]);
  });

  it('also shows what a gentler policy would have saved, and targets that were not there', () => {
    const ticket = past([opened(), answered(90), line(100, 'resolved', { to: { status: 'resolved' } })]);
    const gentle = proposed({ firstResponseMinutes: 120, resolutionMinutes: 60 });
    const { rows, differing } = backtestOf([ticket], gentle, null, NOW);
    expect(rows).toEqual([
      { priority: 'medium', target: 'first_response', tickets: 1, breached: 1, wouldBeBreached: 0 },
      { priority: 'medium', target: 'resolution', tickets: 1, breached: 0, wouldBeBreached: 1 },
    ]);
    expect(differing.map(({ target, was, would }) => [target, was, would])).toEqual([
      ['first_response', 'breached', 'met'],
      ['resolution', null, 'breached'],
    ]);
  });

  it('applies where its conditions held at the opening, whatever the ticket became', () => {
    const urgent = { conditions: [{ field: 'priority', operator: 'equals', value: 'urgent' }] };
    const raised = past(
      [opened('low'), line(5, 'priority_changed', { from: { priority: 'low' }, to: { priority: 'urgent' } })],
      { priority: 'urgent' },
    );
    const lowered = past(
      [opened('urgent'), line(5, 'priority_changed', { from: { priority: 'urgent' }, to: { priority: 'low' } })],
      { priority: 'low' },
    );
    const result = backtestOf([raised, lowered], proposed(urgent), null, NOW);
    expect([result.tickets, result.applies, result.rows.map(({ priority }) => priority)]).toEqual([2, 1, ['urgent']]);
  });

  it('takes the place of all policies that the ticket had', () => {
    const changed = line(5, 'sla_policy_changed', { to: { rules: rules({ firstResponseMinutes: 5 }) } });
    const ticket = past([opened(), changed, answered(20)]);
    expect(backtestOf([ticket], proposed(), null, NOW).rows).toEqual([
      { priority: 'medium', target: 'first_response', tickets: 1, breached: 1, wouldBeBreached: 0 },
    ]);
  });

  it('counts by the proposed hours', () => {
    const calendar = {
      timezone: 'UTC',
      hours: { mon: [], tue: [['09:00', '09:20']], wed: [['09:00', '17:00']], thu: [], fri: [], sat: [], sun: [] },
      holidays: [],
      exceptions: {},
    } as never;
    const ticket = past([opened(), answered(45)]);
    expect(backtestOf([ticket], proposed(), calendar, NOW).rows).toMatchObject([{ breached: 0, wouldBeBreached: 0 }]);
  });
});

describe('the facts at the opening', () => {
  it('are those of now with the history undone', () => {
    const history = [
      opened('low'),
      line(1, 'tag_added', { to: { tag: 'new' } }),
      line(2, 'tag_removed', { from: { tag: 'old' } }),
      line(3, 'priority_changed', { from: { priority: 'low' }, to: { priority: 'high' } }),
      line(4, 'priority_changed', { from: { priority: 'high' }, to: { priority: 'urgent' } }),
      line(5, 'assigned', { from: { assigneeId: null }, to: { assigneeId: ORG } }),
      line(6, 'team_changed', { from: { teamId: 'a' }, to: { teamId: 'b' } }),
      line(7, 'category_changed', { from: { category: 'general' }, to: { category: 'bug' } }),
      line(8, 'custom_field_changed', { from: { plan: 'free' }, to: { plan: 'paid' } }),
      line(9, 'subject_edited', { from: { subject: 'Help' }, to: { subject: 'Printer' } }),
    ];
    const now: TicketFacts = {
      status: 'resolved',
      priority: 'urgent',
      tags: ['new', 'kept'],
      assigneeId: ORG,
      teamId: 'b',
      category: 'bug',
      customFields: { plan: 'paid', seats: 3 },
      subject: 'Printer',
    };
    expect(factsAtOpening(now, history)).toEqual({
      status: 'open',
      priority: 'low',
      tags: ['kept', 'old'],
      assigneeId: null,
      teamId: 'a',
      category: 'general',
      customFields: { plan: 'free', seats: 3 },
      subject: 'Help',
    });
  });
});
