import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { AgentView } from '#shared/contracts/organisations.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { OrganisationRepository } from './organisation.repository.js';

@Injectable()
export class FindAgent {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationRepository,
  ) {}

  byEmail(actor: Actor, email: string): Promise<AgentView | null> {
    return this.database.tenant(actor.orgId, (tx) => this.organisations.agentByEmail(tx, email));
  }

  all(actor: Actor): Promise<AgentView[]> {
    return this.database.tenant(actor.orgId, (tx) => this.organisations.agents(tx));
  }

  /** An agent who may be given tickets; the error names the field that asked for somebody else. */
  async assignable(tx: Tx, id: string, pointer: string): Promise<AgentView> {
    const agent = await this.organisations.agentById(tx, id);
    if (agent && agent.role !== 'viewer') return agent;
    const message = agent
      ? `${agent.name} is a viewer and cannot be given tickets`
      : 'is not an agent of this organisation';
    throw new DeskError('BAD_REQUEST', `${pointer.slice(1)}: ${message}`, [{ pointer, message }]);
  }
}
