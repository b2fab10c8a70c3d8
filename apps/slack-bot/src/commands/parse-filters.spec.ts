import { describe, expect, it } from '@jest/globals';
import { listTicketsInput } from '#shared/contracts/ticket-lists.js';
import { ACTIVE, type Filters, parseFilters } from './parse-filters.js';

const filters = (text: string): Filters => {
  const parsed = parseFilters(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  expect(listTicketsInput.safeParse(parsed.query).success).toBe(true);
  return parsed;
};

describe('filters of a list', () => {
  it('lists what needs work when nothing is said', () => {
    expect(filters('')).toMatchObject({ query: { status: [...ACTIVE] }, mine: false, title: 'open' });
    expect(filters('open').query.status).toEqual([...ACTIVE]);
  });

  it('reads queues, keys and words together', () => {
    expect(filters('unassigned priority:high,critical tag:vip paper jam')).toMatchObject({
      query: { assigneeId: 'none', priority: ['high', 'critical'], tag: 'vip', text: 'paper jam' },
    });
    expect(filters('mine breached')).toMatchObject({ mine: true, query: { sla: 'breached', status: [...ACTIVE] } });
    expect(filters('status:on-hold').query).toEqual({ status: ['on_hold'] });
    expect(filters('all').query).toEqual({});
    expect(filters('assignee:<@U1|bea>').assignee).toBe('<@U1|bea>');
    expect(filters('a &amp; b').query.text).toBe('a & b');
  });

  it('takes a queue word that stands among searched words as a word', () => {
    expect(filters('cannot open door').query).toEqual({ text: 'cannot open door' });
  });

  it('says what a filter may be', () => {
    expect(parseFilters('priority:hi')).toEqual({ problem: expect.stringContaining('low, medium'), meant: null });
    expect(parseFilters('priorty:high')).toMatchObject({ meant: 'list priority:high' });
  });
});
