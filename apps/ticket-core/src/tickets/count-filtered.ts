import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { SLA_SETS } from './ticket-conditions.repository.js';
import type { TicketFilter } from './ticket-filter.js';
import { TicketFiguresRepository } from './ticket-figures.repository.js';
import { TicketListRepository } from './ticket-list.repository.js';

/** All that match are read anyway, so whatever leads to them is gathered, however many there are. */
const GATHERED = { facetsAreRare: true, rareSlaStates: Object.keys(SLA_SETS) };

/** More than an organisation has. */
const MAX_TICKETS = 1_000_000_000;

/** What tickets of a filter add up to, counted now. `zone` is the one whose days are told, when they are asked for. */
@Injectable()
export class CountFiltered {
  constructor(
    private readonly lists: TicketListRepository,
    private readonly repository: TicketFiguresRepository,
  ) {}

  async execute(tx: Tx, filter: TicketFilter, zone: string, asksForDays: boolean) {
    const known = await this.lists.lookUp(tx, filter);
    return this.repository.figures(tx, filter, { ...known, ...GATHERED }, zone, asksForDays);
  }

  /** How many of them are warned of: close to a breach. */
  async warned(tx: Tx, filter: TicketFilter): Promise<number> {
    const known = await this.lists.lookUp(tx, filter);
    return this.lists.count(tx, { ...filter, sla: ['warning'] }, { ...known, ...GATHERED }, MAX_TICKETS);
  }
}
