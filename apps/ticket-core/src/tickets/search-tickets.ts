import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { searchPage, searchTicketsInput } from '#shared/contracts/ticket-lists.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { CountMessages } from '../messages/count-messages.js';
import { CategoryBook } from '../categories/category-book.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { CatchUp } from '../search/catch-up.js';
import { numberIn } from './ticket-conditions.repository.js';
import { searchWords } from './search-words.js';
import { askedOf, type TicketFilter, ticketFilterOf } from './ticket-filter.js';
import { TicketListRepository } from './ticket-list.repository.js';
import { TicketSearchRepository } from './ticket-search.repository.js';
import { demandCustomersList } from './customer-list.js';
import { demand } from './ticket.policy.js';
import { ticketViewFor } from './ticket.view.js';

/** As many are ranked; where more match it is the newest ones of them. */
const CANDIDATES = 300;
const ALTERNATIVES = 3;
const MAX_CORRECTED = 5;

/** Tickets by their words, best first: the subject's count most, then the contact's, then what was written. */
@Injectable()
export class SearchTickets {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsBook,
    private readonly tickets: TicketListRepository,
    private readonly search: TicketSearchRepository,
    private readonly messages: CountMessages,
    private readonly catchUp: CatchUp,
    private readonly categories: CategoryBook,
  ) {}

  async execute(actor: Actor, input: z.output<typeof searchTicketsInput>): Promise<z.output<typeof searchPage>> {
    const isCustomer = actor.kind === 'contact';
    demand(actor, isCustomer ? 'list_own' : 'list', null);
    if (isCustomer) demandCustomersList({ ...input, sort: '-created' });
    const { limit, q: typed, ...filters } = input;
    const q = searchWords(typed);
    if (filters.deleted === true)
      throw new DeskError('BAD_REQUEST', 'deleted: is for the list', [
        { pointer: '/deleted', message: 'is for the list' },
      ]);
    await this.catchUp.execute(actor.orgId);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { timezone } = await this.settings.of(tx, actor.orgId);
      const spelled = await this.categories.spelledIn(tx, actor.orgId, filters);
      const filter = ticketFilterOf(actor, spelled, timezone);
      const written = await this.found(tx, actor, filter, q, limit);
      if (written.items.length > 0) return { ...written, didYouMean: null };
      // What others wrote is no customer's to be offered.
      const meant = isCustomer ? [] : await this.meant(tx, q, filter.onlyTeams !== null);
      for (const instead of meant) {
        const corrected = await this.found(tx, actor, filter, instead, limit);
        if (corrected.items.length > 0) return { ...corrected, didYouMean: instead };
      }
      return { ...written, didYouMean: null };
    });
  }

  private async found(tx: Tx, actor: Actor, filter: TicketFilter, typed: string, limit: number) {
    const number = numberIn(typed);
    const query = await this.search.queryOf(tx, typed);
    if (query === null && number === null) return { items: [], more: false };
    const known = await this.tickets.lookUp(tx, filter);
    const candidates = query === null ? [] : await this.candidates(tx, filter, typed, query);
    const rows = await this.search.best(tx, filter, known, {
      candidates: candidates.slice(0, CANDIDATES),
      query: query ?? '',
      number,
      limit,
    });
    const publicMessages = await this.messages.forReader(
      tx,
      actor,
      rows.map(({ id }) => id),
    );
    const items = rows.map((row) => ({
      ticket: ticketViewFor(actor, row, publicMessages(row.id)),
      rank: row.rank,
      snippet: row.snippet ?? '',
    }));
    return { items, more: candidates.length > CANDIDATES };
  }

  /**
   * The newest that match. Where there are more than are ranked, and not all of them may be seen or were asked for, the
   * newest of the whole organisation say nothing: then it is those of the filtered list.
   */
  private async candidates(tx: Tx, filter: TicketFilter, typed: string, query: string): Promise<string[]> {
    if (!filter.publicOnly) {
      const newest = await this.search.newestMatches(tx, query, CANDIDATES + 1);
      if (newest.length <= CANDIDATES || isEverything(filter)) return newest;
    }
    const listed = { ...filter, text: typed };
    const known = await this.tickets.lookUp(tx, listed);
    const order = { sort: 'created', descending: true, after: null, limit: CANDIDATES + 1 } as const;
    return this.tickets.idsOf(tx, listed, known, order);
  }

  /**
   * The same with words that are written like that somewhere in place of those that are not. Whether a word is somewhere is
   * not told to who sees a part of the tickets: of theirs it is in none, so it is replaced, and the nearest may be in none
   * either, so they get more to try.
   */
  private async meant(tx: Tx, typed: string, seesPart: boolean): Promise<string[]> {
    let corrected = 0;
    const choices: string[][] = [];
    for (const word of typed.split(/\s+/)) {
      const plain = word.toLowerCase();
      const wrong =
        corrected < MAX_CORRECTED &&
        /^\p{L}{4,40}$/u.test(plain) &&
        plain !== 'or' &&
        (seesPart || !(await this.search.isWord(tx, plain)));
      const similar = wrong ? await this.search.similarWords(tx, plain, ALTERNATIVES + 1) : [];
      const alike = similar.filter((one) => one !== plain).slice(0, seesPart ? ALTERNATIVES : 1);
      if (alike.length > 0) corrected += 1;
      choices.push(alike.length > 0 ? alike : [word]);
    }
    if (corrected === 0) return [];
    const most = Math.max(...choices.map(({ length }) => length));
    return Array.from({ length: most }, (_, at) => choices.map((words) => words[at] ?? words[0]!).join(' '));
  }
}

/** Nothing is asked for but the words, and nothing is hidden. */
const isEverything = (filter: TicketFilter): boolean => askedOf(filter).length === 0;
