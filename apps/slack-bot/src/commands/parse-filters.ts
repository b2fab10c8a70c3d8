import type { z } from 'zod';
import type { listTicketsInput } from '#shared/contracts/ticket-lists.js';
import { priorityInput, STATUSES, type Status, statusInput } from '#shared/contracts/values.js';
import { unescapeText } from '../slack/slack-to-markdown.js';
import { probablyMeant } from './near-miss.js';

export const ACTIVE: readonly Status[] = ['open', 'in_progress', 'pending', 'on_hold'];

export type TicketQuery = Omit<z.input<typeof listTicketsInput>, 'limit' | 'cursor'>;

export interface Filters {
  query: TicketQuery;
  /** Mine: the asking agent’s. */
  mine: boolean;
  /** As typed, to be looked up: `<@U1>`, `@bea`. */
  assignee: string | null;
  /** What is listed, in words. */
  title: string;
}

export type ParsedFilters = Filters | { problem: string; meant: string | null };

const QUEUES = ['mine', 'unassigned', 'open', 'active', 'breached', 'warning', 'all', ...STATUSES] as const;
const KEYS = ['priority', 'tag', 'status', 'category', 'assignee', 'from'] as const;

/** `mine priority:high tag:vip assignee:@bea printer`: queues, `key:value` filters, and the rest as words to search for. */
export function parseFilters(text: string): ParsedFilters {
  const filters: Filters = { query: {}, mine: false, assignee: null, title: '' };
  const words: string[] = [];
  const title: string[] = [];
  let anyStatus = false;
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const [, key, value] = /^([a-z]+):(.+)$/i.exec(word) ?? [];
    const queue = word.toLowerCase().replaceAll('-', '_');
    if (key !== undefined && value !== undefined && (KEYS as readonly string[]).includes(key.toLowerCase())) {
      const problem = applyKey(filters, key.toLowerCase() as (typeof KEYS)[number], value);
      if (problem) return problem;
      title.push(word);
      if (key.toLowerCase() === 'status') anyStatus = true;
    } else if (words.length === 0 && (QUEUES as readonly string[]).includes(queue)) {
      anyStatus = applyQueue(filters, queue as (typeof QUEUES)[number]) || anyStatus;
      title.push(queue.replaceAll('_', ' '));
    } else if (key !== undefined && /^[a-z]+$/i.test(key) && !word.includes('//') && value !== undefined) {
      const meant = probablyMeant(key, KEYS);
      return {
        problem: `I cannot filter by “${key.slice(0, 40)}”; there is ${KEYS.join(', ')}.`,
        meant: meant === null ? null : `list ${text.trim().replace(`${key}:`, `${meant}:`)}`,
      };
    } else words.push(word);
  }
  if (words.length > 0) {
    filters.query.text = unescapeText(words.join(' ')).slice(0, 200);
    title.push(`“${filters.query.text}”`);
  }
  // A search looks everywhere; a queue is what still needs work.
  if (!anyStatus && words.length === 0) filters.query.status = [...ACTIVE];
  filters.title = title.length === 0 ? 'open' : title.join(', ');
  return filters;
}

/** True when the queue says which statuses. */
function applyQueue(filters: Filters, queue: (typeof QUEUES)[number]): boolean {
  switch (queue) {
    case 'mine':
      filters.mine = true;
      return false;
    case 'unassigned':
      filters.query.assigneeId = 'none';
      return false;
    case 'breached':
    case 'warning':
      filters.query.sla = queue;
      return false;
    case 'active':
      return false;
    case 'open':
      // "What is open" means all that still needs work; `status:open` is the exact one.
      return false;
    case 'all':
      return true;
    default:
      filters.query.status = [queue];
      return true;
  }
}

function applyKey(
  filters: Filters,
  key: (typeof KEYS)[number],
  value: string,
): { problem: string; meant: string | null } | null {
  const { query } = filters;
  const values = value.toLowerCase().replaceAll('-', '_').split(',');
  if (key === 'priority' || key === 'status') {
    const schema = key === 'priority' ? priorityInput : statusInput;
    for (const one of values) {
      const read = schema.safeParse(one);
      if (!read.success)
        return { problem: `${key} ${read.error.issues[0]!.message}, not “${one.slice(0, 40)}”.`, meant: null };
    }
    if (key === 'priority') query.priority = values;
    else query.status = values;
  } else if (key === 'tag') query.tag = value.slice(0, 50);
  else if (key === 'category') query.category = [value.slice(0, 100)];
  else if (key === 'from') query.contactEmail = /^<mailto:([^|>]+)/.exec(value)?.[1] ?? value;
  else if (value.toLowerCase() === 'none') query.assigneeId = 'none';
  else if (value.toLowerCase() === 'me') filters.mine = true;
  else filters.assignee = value;
  return null;
}
