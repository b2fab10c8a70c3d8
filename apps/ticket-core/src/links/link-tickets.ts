import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  LINK_KINDS,
  type LinkKind,
  type linkPage,
  type LinkView,
  type LinkWord,
  type listLinks,
} from '#shared/contracts/links.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { readKeyset, writeKeyset } from '../database/keyset.js';
import { pageUpTo } from '../database/page.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { can, subjectOf } from '../tickets/ticket.policy.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { LinkRepository } from './link.repository.js';
import { asKept, linkViewOf } from './link.view.js';

/** What a cursor of this list says that it is of. */
const LIST = 'links';

/** What one ticket has to do with another; both tell of it, each in its own words. */
@Injectable()
export class LinkTickets {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly links: LinkRepository,
    private readonly change: ChangeTicket,
  ) {}

  /** With those tickets only that the actor may see; what was linked first comes first. */
  list(actor: Actor, input: z.output<(typeof listLinks)['request']>): Promise<z.output<typeof linkPage>> {
    const { limit } = input;
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, input.ticket, 'read_activities');
      const after = readKeyset(input.cursor, LIST, ['instant', 'integer', 'integer']);
      const onlyTeams = actor.kind === 'agent' && actor.teamIds !== null ? actor.teamIds : null;
      const seenBy = { onlyTeams, agentId: actor.id };
      const rows = await this.links.page(tx, ticket.id, seenBy, after, limit + 1);
      return pageUpTo(rows, limit, linkViewOf, ({ sort_keys: keys }) => writeKeyset({ list: LIST, keys }));
    });
  }

  /** Said twice, it is one link. */
  add(actor: Actor, ref: TicketRef, toRef: TicketRef, word: LinkWord): Promise<LinkView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const [ticket, to] = await this.both(tx, actor, ref, toRef);
      const kept = asKept(word, ticket.id, to.id);
      const oneWay = LINK_KINDS[kept.kind] !== kept.kind;
      if (oneWay && (await this.links.between(tx, kept.to, kept.from, kept.kind))) {
        throw DeskError.at(
          'UNPROCESSABLE',
          '/kind',
          `contradicts what is there: #${to.number} ${kept.kind === word ? word : inverse(word)} #${ticket.number}`,
        );
      }
      const isNew = await this.links.add(tx, actor.orgId, { id: uuidv7(), ...kept, at: new Date() });
      if (isNew) await this.tell(tx, actor, 'link_added', ticket, to, word);
      const link = (await this.links.between(tx, kept.from, kept.to, kept.kind))!;
      return linkViewOf({ ...to, ...link, kind: kept.kind, outward: kept.from === ticket.id, other_id: to.id });
    });
  }

  remove(actor: Actor, ref: TicketRef, link: string): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { id } = await this.find.execute(tx, actor, ref, 'link');
      const row = await this.links.one(tx, id, link);
      if (!row || !can(actor, 'read', subjectOf(row))) throw new DeskError('NOT_FOUND', 'This ticket has no such link');
      const [ticket, to] = await this.both(tx, actor, id, row.other_id);
      if (await this.links.remove(tx, link))
        await this.tell(tx, actor, 'link_removed', ticket, to, linkViewOf(row).kind);
      return { success: true };
    });
  }

  /** Both locked, always in the same order: two who link the same tickets at once do not wait for one another for ever. */
  private async both(tx: Tx, actor: Actor, ref: TicketRef, toRef: TicketRef): Promise<[TicketRow, TicketRow]> {
    const ticket = await this.find.execute(tx, actor, ref, 'link');
    const to = await this.find.execute(tx, actor, toRef, 'link').catch((error: unknown) => {
      if (!(error instanceof DeskError) || error.code !== 'NOT_FOUND') throw error;
      throw new DeskError('BAD_REQUEST', `to: ${error.message}`, [{ pointer: '/to', message: error.message }]);
    });
    if (to.id === ticket.id) {
      throw DeskError.at('BAD_REQUEST', '/to', 'is the ticket itself');
    }
    const locked = new Map<string, TicketRow>();
    for (const id of [ticket.id, to.id].toSorted()) locked.set(id, await this.find.toChange(tx, actor, id, 'link'));
    return [locked.get(ticket.id)!, locked.get(to.id)!];
  }

  private async tell(
    tx: Tx,
    actor: Actor,
    type: 'link_added' | 'link_removed',
    ticket: TicketRow,
    to: TicketRow,
    word: LinkView['kind'],
  ): Promise<void> {
    const nowMs = Date.now();
    for (const [one, other, kind] of [
      [ticket, to, word],
      [to, ticket, inverse(word)],
    ] as const) {
      const value = { kind, ticketId: other.id, number: other.number };
      const line = activity(actor, one.id, type, nowMs, type === 'link_added' ? { to: value } : { from: value });
      await this.change.execute(tx, actor, one, {}, nowMs, [line]);
    }
  }
}

function inverse(word: LinkView['kind']): LinkView['kind'] {
  if (word === 'split_into') return 'split_from';
  if (word === 'split_from') return 'split_into';
  if (word in LINK_KINDS) return LINK_KINDS[word as LinkKind];
  return (Object.entries(LINK_KINDS) as [LinkKind, LinkView['kind']][]).find(([, back]) => back === word)?.[0] ?? word;
}
