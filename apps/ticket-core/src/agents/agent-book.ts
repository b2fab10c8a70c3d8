import { Injectable } from '@nestjs/common';
import { type AgentDetails, handleOf } from '#shared/contracts/agents.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { AgentRepository, type AgentRow } from './agent.repository.js';
import { agentDetailsOf } from './agent.view.js';

/** Finds agents as people call them: id, e-mail address, handle (`alice` or `@alice`), or whole name. */
@Injectable()
export class AgentBook {
  constructor(private readonly agents: AgentRepository) {}

  /**
   * The one agent that this text means; disabled ones are not found. BAD_REQUEST at `pointer` for nobody, and for
   * several, who are named.
   */
  async resolve(tx: Tx, text: string, pointer: string): Promise<AgentDetails> {
    const found = mostPrecise(await this.agents.called(tx, text, false), text);
    if (found.length === 0) throw problem(pointer, 'is not an agent of this organisation');
    if (found.length > 1) throw problem(pointer, several(text, found));
    return agentDetailsOf(found[0]!);
  }

  /** The same for who is to be given a ticket: viewers cannot. */
  async assignable(tx: Tx, text: string, pointer: string): Promise<AgentDetails> {
    const agent = await this.resolve(tx, text, pointer);
    if (agent.role === 'viewer') throw problem(pointer, `${agent.name} is a viewer and cannot be given tickets`);
    return agent;
  }

  /** For an address such as /agents/alice: NOT_FOUND for nobody; disabled ones are found too. */
  async named(tx: Tx, text: string): Promise<AgentDetails> {
    const found = mostPrecise(await this.agents.called(tx, text, true), text);
    if (found.length === 0) throw new DeskError('NOT_FOUND', 'There is no such agent');
    if (found.length > 1) throw problem('/agent', several(text, found));
    return agentDetailsOf(found[0]!);
  }
}

/** An id or a whole address means one only; a handle and a name may be another's too. */
function mostPrecise(rows: readonly AgentRow[], text: string): readonly AgentRow[] {
  const wanted = text.toLowerCase();
  const exact = rows.filter(({ id, email }) => id === wanted || email === wanted);
  return exact.length > 0 ? exact : rows;
}

const several = (text: string, rows: readonly AgentRow[]): string => {
  const people = rows.slice(0, 5).map(({ name, email }) => `${name} <${email}>`);
  if (rows.length > people.length) people.push('others');
  const byHandle = new Set(rows.map(({ email }) => handleOf(email))).size === rows.length;
  return `“${text}” may be ${people.join(' or ')}: say which by e-mail address${byHandle ? ' or handle' : ''}`;
};

const problem = (pointer: string, message: string) => DeskError.at('BAD_REQUEST', pointer, message);
