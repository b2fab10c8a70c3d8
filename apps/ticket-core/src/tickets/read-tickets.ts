import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  type listTicketsInput,
  MAX_COUNTED,
  type ticketPage,
  type TicketSort,
} from '#shared/contracts/ticket-lists.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { readKeyset, writeKeyset } from '../database/keyset.js';
import { pageUpTo } from '../database/page.js';
import { CountMessages } from '../messages/count-messages.js';
import { CategoryBook } from '../categories/category-book.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { CatchUp } from '../search/catch-up.js';
import { TimeSpent } from '../time-entries/time-spent.js';
import { demandCustomersList } from './customer-list.js';
import { FindTicket } from './find-ticket.js';
import { filterKey, ticketFilterOf } from './ticket-filter.js';
import { SORT_KEYS, TicketListRepository } from './ticket-list.repository.js';
import { demand } from './ticket.policy.js';
import { type TicketRow, ticketViewFor } from './ticket.view.js';

@Injectable()
export class ReadTickets {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly settings: SettingsBook,
    private readonly tickets: TicketListRepository,
    private readonly messages: CountMessages,
    private readonly time: TimeSpent,
    private readonly catchUp: CatchUp,
    private readonly categories: CategoryBook,
  ) {}

  /** `deleted`: also one that was, for those who may restore it. */
  one(actor: Actor, ref: TicketRef, deleted = false): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const gone = deleted ? await this.find.deleted(tx, actor, ref) : null;
      const row = gone ?? (await this.find.execute(tx, actor, ref, 'read'));
      const publicMessages = await this.messages.forReader(tx, actor, [row.id]);
      const view = ticketViewFor(actor, row, publicMessages(row.id));
      return actor.kind === 'contact' ? view : { ...view, timeSpentMinutes: await this.time.spentOn(tx, row.id) };
    });
  }

  /** In order. The cursor holds the sort keys of the last row, so pages stay whole while tickets come and go. */
  async page(actor: Actor, input: z.output<typeof listTicketsInput>): Promise<z.output<typeof ticketPage>> {
    demand(actor, actor.kind === 'contact' ? 'list_own' : 'list', null);
    if (actor.kind === 'contact') demandCustomersList(input);
    const { sort: order, limit, cursor, total, ...filters } = input;
    if (filters.deleted === true) demandManager(actor);
    const descending = order.startsWith('-');
    const sort = order.replace('-', '') as TicketSort;
    if (filters.text !== undefined || filters.q !== undefined) await this.catchUp.execute(actor.orgId);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { timezone } = await this.settings.of(tx, actor.orgId);
      const spelled = await this.categories.spelledIn(tx, actor.orgId, filters);
      const filter = ticketFilterOf(actor, spelled, timezone);
      const list = `${order}~${filterKey(filter)}`;
      const kinds = SORT_KEYS[sort].map(({ kind }) => kind);
      const after = readKeyset(cursor, list, kinds);
      const known = await this.tickets.lookUp(tx, filter);
      const rows = await this.tickets.page(tx, filter, known, { sort, descending, after, limit: limit + 1 });
      const publicMessages = await this.messages.forReader(
        tx,
        actor,
        rows.map(({ id }) => id),
      );
      const viewOf = (row: TicketRow) => ticketViewFor(actor, row, publicMessages(row.id));
      const page = pageUpTo(rows, limit, viewOf, ({ sort_keys: keys }) => writeKeyset({ list, keys }));
      if (!total) return page;
      const counted = await this.tickets.count(tx, filter, known, MAX_COUNTED);
      return counted > MAX_COUNTED
        ? { ...page, total: MAX_COUNTED, totalIsAtLeast: true }
        : { ...page, total: counted };
    });
  }
}

function demandManager({ kind, role }: Actor): void {
  if (kind === 'system' || role === 'manager' || role === 'admin') return;
  const message = 'only managers see deleted tickets';
  throw new DeskError('FORBIDDEN', `deleted: ${message}`, [{ pointer: '/deleted', message }]);
}
