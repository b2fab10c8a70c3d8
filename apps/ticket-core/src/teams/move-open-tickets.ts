import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { TeamBook } from './team-book.js';
import { TeamRepository } from './team.repository.js';

/** Locks are held for one batch only, so that nobody at work on these tickets waits long. */
const BATCH = 50;

/** All open tickets of a team go to another one, or to none. */
@Injectable()
export class MoveOpenTickets {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamRepository,
    private readonly book: TeamBook,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
  ) {}

  /** How many were moved. */
  async execute(actor: Actor, from: string, to: string): Promise<number> {
    // As a service of ours: an admin who is restricted to teams still dissolves one with all that it has.
    const mover: Actor = { ...actor, teamIds: null };
    for (let moved = 0; ;) {
      const batch = await this.database.tenant(actor.orgId, async (tx) => {
        const source = await this.book.named(tx, from);
        const target = to === 'none' ? null : await this.book.resolve(tx, to, '/moveTo');
        if (target?.id === source.id) {
          throw DeskError.at('BAD_REQUEST', '/moveTo', 'is the team itself');
        }
        const ids = await this.teams.openTickets(tx, source.id, BATCH);
        for (const id of ids) {
          const row = await this.find.toChange(tx, mover, id, 'update');
          await this.change.execute(tx, mover, row, { team: target }, Date.now());
        }
        return ids.length;
      });
      moved += batch;
      if (batch < BATCH) return moved;
    }
  }
}
