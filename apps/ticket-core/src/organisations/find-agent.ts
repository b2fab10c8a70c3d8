import { Injectable } from '@nestjs/common';
import type { AgentView } from '#shared/contracts/agents.js';
import { AgentBook } from '../agents/agent-book.js';
import type { Tx } from '../database/database.js';

/** The former name of AgentBook.assignable, until who still calls it has moved. */
@Injectable()
export class FindAgent {
  constructor(private readonly agents: AgentBook) {}

  assignable(tx: Tx, text: string, pointer: string): Promise<AgentView> {
    return this.agents.assignable(tx, text, pointer);
  }
}
