import { Injectable } from '@nestjs/common';
import { AgentBook } from '../agents/agent-book.js';
import type { Tx } from '../database/database.js';

/** Whom a template gives its tickets to, by the id that stays when they are renamed. */
@Injectable()
export class TemplateAssignee {
  constructor(private readonly agents: AgentBook) {}

  /** BAD_REQUEST at the pointer for nobody who could be given tickets. */
  async demand(tx: Tx, named: string | null | undefined, pointer = '/assigneeId'): Promise<string | null | undefined> {
    if (named === null || named === undefined) return named;
    return (await this.agents.assignable(tx, named, pointer)).id;
  }
}
