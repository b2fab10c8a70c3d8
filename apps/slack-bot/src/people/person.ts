import type { Actor, Role } from '#shared/contracts/actor.js';
import type { AgentView } from '#shared/contracts/agents.js';

/** Somebody in the workspace, and who that is at the desk. */
export interface Person {
  slackId: string;
  name: string;
  email: string | null;
  /** The agent with that e-mail address; null for everybody else. */
  agent: AgentView | null;
  /** What the core is told: the agent. Null for people who are none. */
  actor: Actor | null;
}

/** An agent may act; a viewer only looks; everybody else opens tickets and sees their own. */
export type Standing = 'guest' | 'viewer' | 'agent';

export const standingOf = ({ agent }: Pick<Person, 'agent'>): Standing =>
  agent === null ? 'guest' : agent.role === ('viewer' satisfies Role) ? 'viewer' : 'agent';

const RANK: Record<Standing, number> = { guest: 0, viewer: 1, agent: 2 };

export const mayDo = (person: Pick<Person, 'agent'>, needed: Standing): boolean =>
  RANK[standingOf(person)] >= RANK[needed];
