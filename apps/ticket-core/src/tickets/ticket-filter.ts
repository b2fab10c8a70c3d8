import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { ticketFilters } from '#shared/contracts/ticket-lists.js';
import { EARLIEST_MS, LATEST_MS } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { searchWords } from './search-words.js';

type Filters = z.output<typeof ticketFilters>;

/** Which tickets, with nothing left to look up: ids for `me`, instants for days, and what the actor may see at all. */
export interface TicketFilter {
  status: string[] | null;
  priority: string[] | null;
  category: string[] | null;
  source: string[] | null;
  kind: string[] | null;
  /** Null in the list: nobody's. */
  assignee: (string | null)[] | null;
  /** Somebody's, whoever that is. */
  assigned: boolean;
  team: (string | null)[] | null;
  creator: string[] | null;
  contact: string[] | null;
  contactEmail: string[] | null;
  company: string[] | null;
  tag: string[] | null;
  tagAll: string[];
  sla: string[] | null;
  text: string | null;
  /** Both ends belong to it; null is open. */
  created: Span | null;
  updated: Span | null;
  resolved: Span | null;
  number: number[] | null;
  entity: string[] | null;
  fields: { key: string; values: string[] }[];
  deleted: boolean;
  watchedBy: string | null;
  /** An agent who sees only these teams' tickets and their own. */
  onlyTeams: { teamIds: string[]; agentId: string | null } | null;
  /** A contact, who finds nothing in internal notes. */
  publicOnly: boolean;
}
export interface Span {
  from: string | null;
  /** Before this instant, when it ended with a day; else up to it. */
  before: string | null;
  until: string | null;
}

const MAX_INTEGER = 2_147_483_647;

/** `zone` is the organisation's. Throws BAD_REQUEST for what only an agent can mean, and two filters that are one. */
export function ticketFilterOf(actor: Actor, input: Filters, zone: string): TicketFilter {
  if (input.text !== undefined && input.q !== undefined) refuse('q', 'is another name of text: give one of them');
  const typed = input.text ?? input.q;
  const me = () =>
    actor.kind === 'agent' && actor.id !== null ? actor.id : refuse('assigneeId', 'only an agent is me');
  const assignee = input.assigneeId?.map((id) => (id === 'none' ? null : id === 'me' ? me() : id)) ?? null;
  const contacts = input.contactId ?? null;
  const theirs = actor.kind === 'contact' && actor.id !== null ? [actor.id] : null;
  const span = (name: 'created' | 'updated' | 'resolved') =>
    spanOf(input[`${name}From`], input[`${name}To`], zone, `${name}To`);
  return {
    status: input.status ?? null,
    priority: input.priority ?? null,
    category: input.category ?? null,
    source: input.source ?? null,
    kind: input.kind ?? null,
    assignee: unique(
      input.unassigned === undefined
        ? assignee
        : (assignee?.filter((id) => (id === null) === input.unassigned) ?? (input.unassigned ? [null] : null)),
    ),
    assigned: input.unassigned === false && assignee === null,
    team: unique(input.teamId?.map((id) => (id === 'none' ? null : id)) ?? null),
    creator: unique(input.creatorId ?? null),
    contact: theirs ? (contacts === null || contacts.includes(theirs[0]!) ? theirs : []) : unique(contacts),
    contactEmail: input.contactEmail ?? null,
    company: unique(input.companyId ?? null),
    tag: unique(input.tag?.map((tag) => tag.toLowerCase()) ?? null),
    tagAll: unique(input.tagAll?.map((tag) => tag.toLowerCase()) ?? []) ?? [],
    sla: unique(input.sla ?? null),
    text: typed === undefined ? null : searchWords(typed),
    created: span('created'),
    updated: span('updated'),
    resolved: span('resolved'),
    number: input.number?.map((one) => Math.min(Number(String(one).replace('#', '')), MAX_INTEGER)) ?? null,
    entity: input.entity ?? null,
    fields: Object.entries(input.customFields ?? {}).map(([key, values]) => ({ key, values })),
    deleted: input.deleted ?? false,
    watchedBy: input.watching === undefined ? null : me(),
    onlyTeams: actor.kind === 'agent' && actor.teamIds !== null ? { teamIds: actor.teamIds, agentId: actor.id } : null,
    publicOnly: actor.kind === 'contact',
  };
}

/** Which of its parts ask for something. */
export const askedOf = (filter: TicketFilter): string[] =>
  Object.entries(filter).flatMap(([name, value]) =>
    value === null || value === false || (Array.isArray(value) && value.length === 0) ? [] : [name],
  );

/** The same for the same question: a cursor carries it, so that it is not used with another one. */
export const filterKey = (filter: TicketFilter): string =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 10);

const unique = <T>(values: T[] | null): T[] | null => (values === null ? null : [...new Set(values)]);

const DAY = /^\d{4}-\d\d-\d\d$/;

function spanOf(from: string | undefined, to: string | undefined, zone: string, end: string): Span | null {
  if (from === undefined && to === undefined) return null;
  const startOf = (day: string) => DateTime.fromISO(day, { zone });
  // The first day of year 1 begins in year 0 east of Greenwich, and the last of 9999 ends in 10000.
  const iso = (at: DateTime) => new Date(Math.min(Math.max(at.toMillis(), EARLIEST_MS), LATEST_MS)).toISOString();
  const instant = (text: string) => new Date(text).toISOString();
  const span: Span = {
    from: from === undefined ? null : DAY.test(from) ? iso(startOf(from)) : instant(from),
    before: to !== undefined && DAY.test(to) ? iso(startOf(to).plus({ days: 1 })) : null,
    until: to !== undefined && !DAY.test(to) ? instant(to) : null,
  };
  const backwards =
    span.from !== null &&
    ((span.before !== null && span.from >= span.before) || (span.until !== null && span.from > span.until));
  if (backwards) refuse(end, `must not be before ${end.replace('To', 'From')}`);
  return span;
}

function refuse(field: string, message: string): never {
  throw new DeskError('BAD_REQUEST', `${field}: ${message}`, [{ pointer: `/${field}`, message }]);
}
