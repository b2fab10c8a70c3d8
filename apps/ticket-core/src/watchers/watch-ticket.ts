import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { AgentDetails } from '#shared/contracts/agents.js';
import type { WatcherView } from '#shared/contracts/watchers.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { AgentBook } from '../agents/agent-book.js';
import { Database, type Tx } from '../database/database.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { can, subjectOf } from '../tickets/ticket.policy.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { WatcherRepository } from './watcher.repository.js';

/** Who is told of what the customer writes. Everybody may watch what they see; agents may also make others watch. */
@Injectable()
export class WatchTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly agents: AgentBook,
    private readonly watchers: WatcherRepository,
    private readonly log: ActivityLog,
  ) {}

  list(actor: Actor, ref: TicketRef): Promise<{ items: WatcherView[]; nextCursor: null }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, ref, 'watch');
      const rows = await this.watchers.of(tx, ticket.id);
      const items = rows.map(({ agent_id: id, name, email, created_at }) => ({
        agent: { id, name, email },
        since: created_at.toISOString(),
      }));
      return { items, nextCursor: null };
    });
  }

  watch(actor: Actor, ref: TicketRef, named: string): Promise<WatcherView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { ticket, agent } = await this.meant(tx, actor, ref, named);
      if (!can(actorOf(actor.orgId, agent), 'read', subjectOf(ticket))) {
        throw problem('/agent', `${agent.name} does not see the tickets of this team`);
      }
      await this.turn(tx, actor, ticket, agent, true);
      const row = (await this.watchers.of(tx, ticket.id)).find(({ agent_id }) => agent_id === agent.id)!;
      const { id, name, email } = agent;
      return { agent: { id, name, email }, since: row.created_at.toISOString() };
    });
  }

  /** Also of who does not watch: then nothing makes them watch it by the way. */
  unwatch(actor: Actor, ref: TicketRef, named: string): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { ticket, agent } = await this.meant(tx, actor, ref, named);
      await this.turn(tx, actor, ticket, agent, false);
      return { success: true };
    });
  }

  private async meant(tx: Tx, actor: Actor, ref: TicketRef, named: string) {
    const ticket = await this.find.execute(tx, actor, ref, 'watch');
    if (named === 'me' && actor.kind !== 'agent') throw problem('/agent', 'must name an agent: you are none');
    const agent = await this.agents.resolve(tx, named === 'me' ? actor.id! : named, '/agent');
    const isSelf = actor.kind === 'agent' && agent.id === actor.id;
    if (!isSelf && !can(actor, 'update', subjectOf(ticket))) {
      throw new DeskError(
        'FORBIDDEN',
        `Your role (${actor.role ?? actor.kind}) may watch tickets, not make others do so`,
      );
    }
    return { ticket, agent };
  }

  /** Idempotent. The history tells of it only when it is new. */
  private async turn(tx: Tx, actor: Actor, ticket: TicketRow, agent: AgentDetails, watching: boolean): Promise<void> {
    const at = new Date();
    const before = await this.watchers.isWatching(tx, ticket.id, agent.id);
    const isNew = await this.watchers.turn(tx, actor.orgId, ticket.id, agent.id, watching, at);
    if (!isNew || before === watching) return;
    const who = { agentId: agent.id, name: agent.name };
    const line = watching
      ? activity(actor, ticket.id, 'watcher_added', at.getTime(), { to: who })
      : activity(actor, ticket.id, 'watcher_removed', at.getTime(), { from: who });
    await this.log.add(tx, actor.orgId, [line]);
  }
}

/** Them, as they would act themselves. */
const actorOf = (orgId: string, { id, name, role, restrictedToTeams, teamIds }: AgentDetails): Actor => ({
  orgId,
  kind: 'agent',
  id,
  name,
  role,
  teamIds: restrictedToTeams ? teamIds : null,
  surface: 'system',
});

const problem = (pointer: string, message: string) => DeskError.at('BAD_REQUEST', pointer, message);
