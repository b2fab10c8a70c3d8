import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { SlaTrackingView } from '#shared/contracts/sla-tracking.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { pauseSwitches } from '#sla/pauses.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { Database } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { ticketFactsOf } from '../tickets/ticket-facts.js';
import { GetTracking } from './get-tracking.js';
import { OpenTicketRepository } from './open-ticket.repository.js';
import { ReckonClocks } from './reckon-clocks.js';
import { slaEventsOf } from './sla-history.js';
import { demand } from './sla.policy.js';
import { trackingOf } from './tracking.view.js';

/**
 * Stops and starts a ticket's clocks by hand. It is a line of its history like any other, and the clocks follow from that.
 * A pause lasts until it is resumed, whatever the status does meanwhile; pausing twice and resuming what runs change nothing.
 */
@Injectable()
export class PauseTracking {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly tracking: GetTracking,
    private readonly log: ActivityLog,
    private readonly clocks: ReckonClocks,
    private readonly tickets: OpenTicketRepository,
    private readonly outbox: Outbox,
  ) {}

  pause(actor: Actor, ref: TicketRef, reason: string | null): Promise<SlaTrackingView> {
    return this.turn(actor, ref, 'sla_paused', reason);
  }

  resume(actor: Actor, ref: TicketRef): Promise<SlaTrackingView> {
    return this.turn(actor, ref, 'sla_resumed', null);
  }

  private turn(
    actor: Actor,
    ref: TicketRef,
    type: 'sla_paused' | 'sla_resumed',
    reason: string | null,
  ): Promise<SlaTrackingView> {
    const pausing = type === 'sla_paused';
    demand(actor, pausing ? 'pause' : 'resume');
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.toChange(tx, actor, ref, 'update');
      const before = await this.tracking.sourceOf(tx, ticket);
      // Two acts of one ticket wait for one another, so the later one is later here too.
      const nowMs = Math.max(Date.now(), before.history.at(-1)?.at.getTime() ?? 0);
      const byHand = pauseSwitches(slaEventsOf(before.history)).at(-1)?.byHand === true;
      if (byHand === pausing) return trackingOf(before, nowMs).view;
      if (pausing && (ticket.status === 'resolved' || ticket.status === 'closed')) {
        throw new DeskError('UNPROCESSABLE', `The ticket is ${ticket.status}: its clocks have stopped`);
      }
      await this.log.add(tx, actor.orgId, [activity(actor, ticket.id, type, nowMs, pausing ? { to: { reason } } : {})]);
      const deadline = await this.clocks.again(tx, actor.orgId, ticket.id, ticketFactsOf(ticket), false, nowMs);
      const version = await this.tickets.setDeadline(tx, ticket.id, deadline, new Date(nowMs));
      const who = { kind: actor.kind, id: actor.id, name: actor.name };
      const [from, to] = pausing ? ['running', 'paused'] : ['paused', 'running'];
      const changes = [{ field: 'sla', from, to }];
      const told = { ticketId: ticket.id, number: ticket.number, version, actor: who, changes };
      await this.outbox.add(tx, actor.orgId, ticketUpdated, told, nowMs);
      return trackingOf(await this.tracking.sourceOf(tx, ticket), nowMs).view;
    });
  }
}
