import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import type { Source } from '#shared/contracts/values.js';
import type { Tx } from '../database/database.js';
import { FindTicket } from './find-ticket.js';
import { OpenTickets } from './open-tickets.js';
import type { TicketRow } from './ticket.view.js';

/** A closed ticket stays closed: what comes after it goes into the one ticket that follows it up, opened when it is needed. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly find: FindTicket,
    private readonly openTickets: OpenTickets,
  ) {}

  /**
   * The ticket in which this closed one (locked by the caller) goes on: itself locked, and not closed. `first` are the words
   * and the number of messages that a new one is opened with.
   */
  async of(
    tx: Tx,
    actor: Actor,
    closed: TicketRow,
    first: { description: string; messageCount: number },
  ): Promise<{ ticket: TicketRow; isNew: boolean }> {
    let last = closed;
    // As the service: whoever may act on a ticket may act on what follows it, even if another team has it now.
    for (let id = await this.find.followUpOf(tx, last.id); id; id = await this.find.followUpOf(tx, last.id)) {
      const next = await this.find.toChange(tx, systemActor(actor.orgId), id, 'read');
      // But a contact's words go nowhere but to that contact's tickets.
      if (actor.kind === 'contact' && next.contact_id !== actor.id) break;
      last = next;
      if (last.status !== 'closed') return { ticket: last, isNew: false };
    }
    const nowMs = Date.now();
    const toOpen = {
      actor,
      subject: last.subject,
      description: first.description,
      priority: 'medium' as const,
      category: last.category,
      kind: last.kind,
      source: sourceOf(actor),
      team: last.team_id ? { id: last.team_id, name: last.team_name ?? '', handle: last.team_handle ?? '' } : null,
      assignee: null,
      contact: last.contact_id
        ? {
            id: last.contact_id,
            name: last.contact_name ?? '',
            email: last.contact_email ?? '',
            company_id: last.company_id,
            company_name: last.company_name,
          }
        : null,
      entity: last.entity,
      tags: [],
      customFields: {},
      cc: last.cc,
      messageCount: first.messageCount,
      followUpOf: last.id,
      openedAtMs: nowMs,
    };
    const [ticket] = await this.openTickets.execute(tx, actor.orgId, [toOpen], nowMs);
    return { ticket: ticket!, isNew: true };
  }
}

const sourceOf = ({ kind, surface }: Actor): Source => {
  if (kind === 'contact') return surface === 'email' ? 'email' : 'portal';
  return surface === 'slack' ? 'slack' : 'api';
};
