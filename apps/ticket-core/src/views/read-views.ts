import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listTicketsInput, type ticketPage } from '#shared/contracts/ticket-lists.js';
import type { listViewsInput, SavedViewView, viewList, viewTicketsInput } from '#shared/contracts/views.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { ReadTickets } from '../tickets/read-tickets.js';
import { TeamBook } from '../teams/team-book.js';
import { canManage, demandRead } from '../vocabulary/vocabulary.policy.js';
import { canChange, canSee } from './view.policy.js';
import { ViewRepository } from './view.repository.js';
import { type ViewRow, viewViewOf } from './view.view.js';

/** Counts are this old at most: a sidebar asks for them with every page. */
const FRESH_MS = 10_000;
/** Of so many views, the first ones. */
const MAX_COUNTED_VIEWS = 50;

/** Lists of tickets under a name: one's own, one's teams' and everybody's. */
@Injectable()
export class ReadViews {
  private readonly counted = new Map<string, { atMs: number; total: number; atLeast: boolean }>();

  constructor(
    private readonly database: Database,
    private readonly views: ViewRepository,
    private readonly teams: TeamBook,
    private readonly tickets: ReadTickets,
  ) {}

  /** In order. */
  async list(actor: Actor, { counts }: z.output<typeof listViewsInput>): Promise<z.output<typeof viewList>> {
    demandRead(actor, 'views');
    const rows = await this.database.tenant(actor.orgId, async (tx) => this.seen(tx, actor));
    const items: SavedViewView[] = [];
    for (const [place, row] of rows.entries()) {
      const view = viewViewOf(row, canChange(actor, row));
      const count = counts && place < MAX_COUNTED_VIEWS ? await this.countOf(actor, row) : {};
      items.push({ ...view, ...count });
    }
    return { items, nextCursor: null };
  }

  one(actor: Actor, id: string): Promise<SavedViewView> {
    demandRead(actor, 'views');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find(tx, actor, id);
      return viewViewOf(row, canChange(actor, row));
    });
  }

  /** The tickets that it shows whoever looks: their own `me`, their own teams. */
  async ticketsOf(
    actor: Actor,
    id: string,
    page: z.output<typeof viewTicketsInput>,
  ): Promise<z.output<typeof ticketPage>> {
    demandRead(actor, 'views');
    const row = await this.database.tenant(actor.orgId, (tx) => this.find(tx, actor, id));
    return this.tickets.page(actor, { ...inputOf(row), ...page });
  }

  /** All that the actor sees, in order. */
  async seen(tx: Tx, actor: Actor): Promise<ViewRow[]> {
    return this.views.list(tx, actor.id, canManage(actor) ? null : await this.teams.of(tx, actor));
  }

  /** NOT_FOUND for somebody else's, as if it were not there. */
  async find(tx: Tx, actor: Actor, id: string): Promise<ViewRow> {
    const row = await this.views.byId(tx, id);
    if (!row || !canSee(actor, row, await this.teams.of(tx, actor))) noSuchView();
    return row;
  }

  private async countOf(actor: Actor, row: ViewRow): Promise<{ ticketCount: number; ticketCountIsAtLeast?: true }> {
    const key = `${row.id} ${actor.id ?? ''} ${actor.teamIds?.join() ?? ''} ${row.updated_at.getTime()}`;
    let known = this.counted.get(key);
    if (!known || Date.now() - known.atMs >= FRESH_MS) {
      const { total = 0, totalIsAtLeast } = await this.tickets.page(actor, { ...inputOf(row), limit: 1, total: true });
      known = { atMs: Date.now(), total, atLeast: totalIsAtLeast === true };
      if (this.counted.size >= 10_000) this.counted.clear();
      this.counted.set(key, known);
    }
    return { ticketCount: known.total, ...(known.atLeast && { ticketCountIsAtLeast: true as const }) };
  }
}

/** It was read by this schema when it was saved; a filter that is no more since is told as what is wrong with the request. */
const inputOf = ({ query, name }: ViewRow): z.output<typeof listTicketsInput> => {
  const read = listTicketsInput.safeParse(query);
  if (read.success) return read.data;
  throw new DeskError('UNPROCESSABLE', `The view ${name} asks for what cannot be asked any more: save it again`);
};

export function noSuchView(): never {
  throw new DeskError('NOT_FOUND', 'There is no such view');
}
