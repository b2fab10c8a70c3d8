import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { ticketViewOf } from '../tickets/ticket.view.js';
import { NameTags } from './name-tags.js';

const MAX_TAGS = 50;

/** Adds or removes tags of one ticket, whatever others change of it at the same time. */
@Injectable()
export class TagTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
    private readonly names: NameTags,
  ) {}

  /** What it has already stays; twice is as once. */
  add(actor: Actor, ref: TicketRef, wanted: readonly string[]): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      const tags = [...new Set([...row.tags, ...(await this.names.execute(tx, actor, wanted))])];
      if (tags.length > MAX_TAGS) {
        throw DeskError.at('BAD_REQUEST', '/tags', `a ticket may have ${MAX_TAGS} tags at most`);
      }
      await this.change.execute(tx, actor, row, { tags }, Date.now());
      return ticketViewOf(await this.find.execute(tx, actor, row.id, 'read'));
    });
  }

  /** By any spelling; one that it has not is no error: it is gone, as was wanted. */
  remove(actor: Actor, ref: TicketRef, tag: string): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      const tags = row.tags.filter((name) => name !== tag && name.toLowerCase() !== tag.toLowerCase());
      await this.change.execute(tx, actor, row, { tags }, Date.now());
      return ticketViewOf(await this.find.execute(tx, actor, row.id, 'read'));
    });
  }
}
