import { Injectable } from '@nestjs/common';
import { DeskError } from '#shared/errors/desk-error.js';
import { AgentBook } from '../agents/agent-book.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import type { Tx } from '../database/database.js';
import { TeamBook } from '../teams/team-book.js';

interface Person {
  id: string;
  name: string;
  email: string;
}

/** Who a ticket is given to, and whom it is for, as input names them: undefined stays as it is, null is nobody. */
@Injectable()
export class TicketPeople {
  constructor(
    private readonly agents: AgentBook,
    private readonly teams: TeamBook,
    private readonly contacts: EnsureContacts,
  ) {}

  /** By id, e-mail address, handle or name. BAD_REQUEST for nobody, several, or somebody who only looks. */
  async assignee(tx: Tx, named: string | null | undefined): Promise<Person | null | undefined> {
    if (named === null || named === undefined) return named;
    const { id, name, email } = await this.agents.assignable(tx, named, '/assigneeId');
    return { id, name, email };
  }

  team(tx: Tx, id: string | null | undefined) {
    return this.teams.byId(tx, id);
  }

  /** Whoever has this address; who is new becomes a contact. */
  async contact(
    tx: Tx,
    orgId: string,
    email: string | null | undefined,
    name: string | null | undefined,
  ): Promise<Person | null | undefined> {
    if (email === null || email === undefined) {
      if (!name) return email;
      throw DeskError.at('BAD_REQUEST', '/contactName', 'names nobody without contactEmail');
    }
    const people = [{ address: email, name: name ?? '' }];
    return (await this.contacts.execute(tx, orgId, people)).get(email) ?? null;
  }
}
