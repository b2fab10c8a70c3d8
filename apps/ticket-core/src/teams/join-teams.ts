import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { KnownActors } from '../agents/known-actors.js';
import type { Tx } from '../database/database.js';
import { TeamBook } from './team-book.js';
import { TeamRepository } from './team.repository.js';

/** Who is in which team. What a restricted agent sees follows at once here, and within seconds on other replicas. */
@Injectable()
export class JoinTeams {
  constructor(
    private readonly teams: TeamRepository,
    private readonly book: TeamBook,
    private readonly known: KnownActors,
  ) {}

  /** The agent is in these teams, named as people name them, and in no others. */
  async replace(tx: Tx, actor: Actor, agentId: string, teams: readonly string[], pointer: string): Promise<void> {
    const ids: string[] = [];
    for (const [at, text] of teams.entries()) ids.push((await this.book.resolve(tx, text, `${pointer}/${at}`)).id);
    await this.teams.leaveOthers(tx, agentId, ids);
    for (const id of ids) await this.teams.join(tx, actor.orgId, id, agentId);
    this.forgetAfter(tx, actor, agentId);
  }

  /** False: nothing had to be done. */
  async join(tx: Tx, actor: Actor, teamId: string, agentId: string): Promise<boolean> {
    this.forgetAfter(tx, actor, agentId);
    return this.teams.join(tx, actor.orgId, teamId, agentId);
  }

  async leave(tx: Tx, actor: Actor, teamId: string, agentId: string): Promise<boolean> {
    this.forgetAfter(tx, actor, agentId);
    return this.teams.leave(tx, teamId, agentId);
  }

  private forgetAfter(tx: Tx, { orgId }: Actor, agentId: string): void {
    tx.afterCommit(() => this.known.forget(orgId, agentId));
  }
}
