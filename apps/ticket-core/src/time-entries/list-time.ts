import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listTimeInput, ticketTimeInput, timeEntryPage } from '#shared/contracts/time-entries.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { instantOf } from '../organisations/moment.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { TIME_CSV_HEAD, timeCsvLine } from './time-csv.js';
import { type TimeFilter, TimeEntryRepository } from './time-entry.repository.js';
import { timeEntryViewOf, timeTotalsOf } from './time-entry.view.js';
import { demand } from './time.policy.js';

type ListInput = z.output<typeof listTimeInput>;
type Page = z.output<typeof timeEntryPage>;

/** Rows of one query of an export; each is a transaction of its own, so that a slow reader holds none open. */
const EXPORT_PAGE = 500;

/** Working time of a ticket, or across tickets: newest first, with totals. */
@Injectable()
export class ListTime {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly entries: TimeEntryRepository,
    private readonly settings: SettingsBook,
  ) {}

  ofTicket(actor: Actor, ticket: TicketRef, input: z.output<typeof ticketTimeInput>): Promise<Page> {
    return this.execute(actor, { ...input, ticket });
  }

  execute(actor: Actor, input: ListInput): Promise<Page> {
    demand(actor, 'read');
    const before = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const filter = await this.filterOf(tx, actor, input);
      const rows = await this.entries.page(tx, filter, before, input.limit + 1);
      const page = pageOf(rows, input.limit, timeEntryViewOf, ({ worked_at: at, id }) => ({ at, id }));
      return { ...page, totals: before ? null : timeTotalsOf(await this.entries.totals(tx, filter)) };
    });
  }

  /** All that matches as CSV (RFC 4180), read as fast as it is taken. What is wrong is thrown before the first byte. */
  async csv(actor: Actor, input: ListInput): Promise<Readable> {
    demand(actor, 'read');
    const { filter, first } = await this.database.tenant(actor.orgId, async (tx) => {
      const wanted = await this.filterOf(tx, actor, input);
      return { filter: wanted, first: await this.entries.page(tx, wanted, null, EXPORT_PAGE) };
    });
    const { database, entries } = this;
    return Readable.from(
      (async function* () {
        yield TIME_CSV_HEAD;
        for (let rows = first; rows.length > 0;) {
          yield rows.map((row) => timeCsvLine(timeEntryViewOf(row))).join('');
          const last = rows.at(-1)!;
          if (rows.length < EXPORT_PAGE) return;
          const before = { at: last.worked_at.toISOString(), id: last.id };
          rows = await database.tenant(actor.orgId, (tx) => entries.page(tx, filter, before, EXPORT_PAGE));
        }
      })(),
    );
  }

  private async filterOf(tx: Tx, actor: Actor, input: ListInput): Promise<TimeFilter> {
    const ticket = input.ticket === undefined ? null : await this.find.execute(tx, actor, input.ticket, 'read');
    const restricted = actor.kind === 'agent' && actor.teamIds !== null && actor.id !== null && ticket === null;
    const { timezone } = await this.settings.of(tx, actor.orgId);
    const instant = (text: string | undefined) => (text === undefined ? null : instantOf(text, timezone).toISOString());
    const [from, to] = [instant(input.from), instant(input.to)];
    if (from !== null && to !== null && from > to) throw DeskError.at('BAD_REQUEST', '/to', 'must not be before from');
    return {
      ticketId: ticket?.id ?? null,
      agentId: input.agentId ?? null,
      from,
      to,
      billable: input.billable ?? null,
      invoiced: input.invoiced ?? null,
      seenBy: restricted ? { teamIds: actor.teamIds!, agentId: actor.id! } : null,
    };
  }
}
