import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { getSlaTracking } from '#shared/contracts/sla-tracking.js';
import { getTicket, type TicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { SlackProblem } from '../slack/slack-problem.js';

/** What alerts say of a ticket beside the clock. */
export interface KnownOfTicket {
  ticket: TicketView;
  /** By which policy; null when there is none any more. */
  policyName: string | null;
  /** Slack's id of who has it, to be mentioned; null when nobody has, or Slack does not know them. */
  ownerSlackId: string | null;
}

@Injectable()
export class AlertFacts {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Null for a ticket that is not to be announced: deleted, or merged into another one, whose clocks count now. */
  async of(ticketId: string): Promise<KnownOfTicket | null> {
    const ticket = await this.desk.ask(getTicket, { ticket: ticketId }).catch(nothing);
    if (!ticket || ticket.deletedAt !== null || ticket.duplicateOf !== null) return null;
    const tracking = await this.desk.ask(getSlaTracking, { ticketId }).catch(nothing);
    const policyName = tracking?.policy?.name || null;
    const ownerSlackId = ticket.assignee ? await this.slackIdOf(ticket.assignee.email) : null;
    return { ticket, policyName, ownerSlackId };
  }

  /** A mention is a convenience: an alert that names its owner in words is better than none. */
  private async slackIdOf(email: string): Promise<string | null> {
    try {
      return await this.people.withEmail(email);
    } catch (error) {
      if (!(error instanceof SlackProblem)) throw error;
      this.log.info({ err: error }, 'the owner of a ticket could not be looked up in Slack');
      return null;
    }
  }
}

function nothing(error: unknown): null {
  if (error instanceof DeskError && error.code === 'NOT_FOUND') return null;
  throw error;
}
