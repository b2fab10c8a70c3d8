import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { Priority, Status } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity, type ActivityRead, type ActivityRow, type ActivityType } from '../activities/activity.view.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { ReckonClocks } from '../sla/reckon-clocks.js';
import { ticketFactsOf } from './ticket-facts.js';
import { TicketRepository } from './ticket.repository.js';
import { mayFollow } from './ticket.state.js';
import type { TicketRow } from './ticket.view.js';

/** What may change about a ticket; what is absent stays. */
export interface TicketChanges {
  subject?: string | undefined;
  description?: string | undefined;
  status?: Status | undefined;
  priority?: Priority | undefined;
  category?: string | undefined;
  kind?: string | null | undefined;
  assignee?: { id: string; name: string; email: string } | null | undefined;
  tags?: string[] | undefined;
  customFields?: Record<string, unknown> | undefined;
  cc?: string[] | undefined;
  /** Messages written in the same transaction. */
  addMessages?: number;
  /** A first public answer by the agents' side, if there was none before. */
  answeredAtMs?: number;
}

interface Change {
  field: string;
  from: unknown;
  to: unknown;
}

/**
 * Changes one locked ticket: row, history, clocks and event together. `alongside` are lines of history that belong to the
 * same act (a message that was added) and move the clocks too.
 */
@Injectable()
export class ChangeTicket {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly activities: ActivityLog,
    private readonly clocks: ReckonClocks,
    private readonly outbox: Outbox,
  ) {}

  async execute(
    tx: Tx,
    actor: Actor,
    row: TicketRow,
    wanted: TicketChanges,
    atMs: number,
    alongside: ActivityRow[] = [],
  ): Promise<TicketRow> {
    // A mail that arrived before somebody resolved the ticket, and is filed after it, reopens it after that.
    const changedAtMs = Math.max(atMs, row.resolved_at?.getTime() ?? 0);
    const { next, changes, lines } = applied(actor, row, wanted, changedAtMs);
    const history = [...alongside, ...lines];
    if (history.length === 0 && !wanted.addMessages) return row;
    next.updated_at = new Date(Math.max(atMs, row.updated_at.getTime()));
    await this.activities.add(tx, actor.orgId, history);
    if (history.some(({ type }) => MOVES_CLOCKS.has(type))) {
      const deadline = await this.clocks.again(
        tx,
        actor.orgId,
        row.id,
        ticketFactsOf(next),
        changes.length > 0,
        Date.now(),
      );
      next.sla_deadline = deadline ? new Date(deadline) : null;
    }
    next.version = await this.tickets.update(tx, next);
    if (changes.length > 0) {
      const who = { kind: actor.kind, id: actor.id, name: actor.name };
      await this.outbox.add(
        tx,
        actor.orgId,
        ticketUpdated,
        { ticketId: row.id, number: row.number, version: next.version, actor: who, changes: told(changes) },
        atMs,
      );
    }
    return next;
  }

  /** A public reply was undone before it left: it is no answer, neither to the customer nor to the clocks. */
  async takeBack(tx: Tx, actor: Actor, row: TicketRow, messageId: string): Promise<void> {
    const taken = activity(actor, row.id, 'message_taken_back', Date.now(), { to: { messageId } });
    const history = await this.activities.historyOf(tx, row.id);
    const first = publicAnswers(history, messageId)[0];
    const next: TicketRow = { ...row, message_count: row.message_count - 1, first_response_at: first ?? null };
    await this.execute(tx, actor, next, { addMessages: 0 }, Date.now(), [taken]);
  }
}

const MAX_TOLD = 100;
const MAX_TOLD_CHARS = 1_000;

/** Changes as an event tells of them: no event carries a whole text (NATS ends at 1 MiB); who needs it asks for the ticket. */
const told = (changes: readonly Change[]): Change[] => {
  const short = (value: unknown) => (JSON.stringify(value ?? null).length > MAX_TOLD_CHARS ? null : value);
  return changes.slice(0, MAX_TOLD).map(({ field, from, to }) => ({ field, from: short(from), to: short(to) }));
};

/** When the agents' side answered, in order, but for the message that was taken back. */
const publicAnswers = (history: readonly ActivityRead[], takenBack: string): Date[] => {
  const gone = new Set([
    takenBack,
    ...history.filter(({ type }) => type === 'message_taken_back').map((line) => messageOf(line)),
  ]);
  return history
    .filter((line) => line.type === 'message_added' && line.actor_kind === 'agent' && !gone.has(messageOf(line)))
    .map(({ at }) => at);
};

const messageOf = (line: ActivityRead): string => String((line.new_value as { messageId?: unknown } | null)?.messageId);

/** Fields that are simply replaced, and the line of history that each change makes. */
const PLAIN_FIELDS = [
  ['subject', 'subject_edited'],
  ['description', 'description_edited'],
  ['priority', 'priority_changed'],
  ['category', 'category_changed'],
  ['kind', 'kind_changed'],
] as const;

const MOVES_CLOCKS: ReadonlySet<ActivityType> = new Set<ActivityType>([
  'status_changed',
  'resolved',
  'reopened',
  'priority_changed',
  'assigned',
  'category_changed',
  'kind_changed',
  'tag_added',
  'tag_removed',
  'subject_edited',
  'description_edited',
  'custom_field_changed',
  'message_added',
  'message_taken_back',
]);

function applied(actor: Actor, row: TicketRow, wanted: TicketChanges, atMs: number) {
  const next: TicketRow = { ...row };
  const changes: Change[] = [];
  const lines: ActivityRow[] = [];
  const note = (
    field: string,
    type: ActivityType,
    from: unknown,
    to: unknown,
    values: { from?: unknown; to?: unknown },
  ) => {
    changes.push({ field, from, to });
    lines.push(activity(actor, row.id, type, atMs, values));
  };

  for (const [field, type] of PLAIN_FIELDS) {
    const [from, to] = [row[field], wanted[field]];
    if (to === undefined || to === from) continue;
    Object.assign(next, { [field]: to });
    // A whole body does not belong into an event; the history keeps both.
    const seen = field === 'description' ? [null, null] : [from, to];
    note(field, type, seen[0], seen[1], { from: { [field]: from }, to: { [field]: to } });
  }
  if (wanted.assignee !== undefined && (wanted.assignee?.id ?? null) !== row.assignee_id) {
    const { assignee } = wanted;
    next.assignee_id = assignee?.id ?? null;
    next.assignee_name = assignee?.name ?? null;
    next.assignee_email = assignee?.email ?? null;
    note('assignee', 'assigned', row.assignee_name, assignee?.name ?? null, {
      from: { assigneeId: row.assignee_id, name: row.assignee_name },
      to: { assigneeId: next.assignee_id, name: next.assignee_name },
    });
  }
  if (wanted.tags !== undefined) {
    const tags = [...new Set(wanted.tags)];
    for (const tag of tags) if (!row.tags.includes(tag)) note('tags', 'tag_added', null, tag, { to: { tag } });
    for (const tag of row.tags) if (!tags.includes(tag)) note('tags', 'tag_removed', tag, null, { from: { tag } });
    next.tags = tags;
  }
  if (wanted.customFields !== undefined) {
    for (const key of new Set([...Object.keys(row.custom_fields), ...Object.keys(wanted.customFields)])) {
      const [from, to] = [row.custom_fields[key] ?? null, wanted.customFields[key] ?? null];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      note(`customFields.${key}`, 'custom_field_changed', from, to, { from: { [key]: from }, to: { [key]: to } });
    }
    next.custom_fields = wanted.customFields;
  }
  if (wanted.status !== undefined && wanted.status !== row.status) {
    changeStatus(next, row.status, wanted.status, atMs);
    note('status', statusLine(row.status, wanted.status), row.status, wanted.status, {
      from: { status: row.status },
      to: { status: wanted.status },
    });
  }
  if (wanted.cc !== undefined) next.cc = wanted.cc;
  next.message_count += wanted.addMessages ?? 0;
  if (wanted.answeredAtMs !== undefined && row.first_response_at === null)
    next.first_response_at = new Date(wanted.answeredAtMs);
  return { next, changes, lines };
}

function changeStatus(next: TicketRow, from: Status, to: Status, atMs: number): void {
  if (!mayFollow(from, to)) {
    const why = from === 'closed' ? 'it is closed; a new message opens a follow-up' : `${from} cannot become ${to}`;
    throw new DeskError('UNPROCESSABLE', `The status cannot change: ${why}`, [{ pointer: '/status', message: why }]);
  }
  next.status = to;
  const at = new Date(atMs);
  if (to === 'resolved') next.resolved_at = at;
  if (to === 'closed') {
    next.closed_at = at;
    next.resolved_at ??= at;
  }
  if (from === 'resolved' && to !== 'closed') next.resolved_at = null;
}

const statusLine = (from: Status, to: Status): ActivityType =>
  to === 'resolved' ? 'resolved' : from === 'resolved' && to !== 'closed' ? 'reopened' : 'status_changed';
