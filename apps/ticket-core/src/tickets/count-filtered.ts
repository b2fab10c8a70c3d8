import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { TicketFilter } from './ticket-filter.js';
import { TicketFiguresRepository } from './ticket-figures.repository.js';
import { TicketListRepository } from './ticket-list.repository.js';

/** What tickets of a filter add up to, counted now. `zone` is the one whose days are told. */
@Injectable()
export class CountFiltered {
  constructor(
    private readonly lists: TicketListRepository,
    private readonly repository: TicketFiguresRepository,
  ) {}

  async execute(tx: Tx, filter: TicketFilter, zone: string) {
    return this.repository.figures(tx, filter, await this.lists.lookUp(tx, filter), zone);
  }
}
