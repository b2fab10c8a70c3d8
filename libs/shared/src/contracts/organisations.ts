import { z } from 'zod';
import { ROLES } from './actor.js';
import { contract } from './contract.js';
import { emailAddress } from './values.js';

export const organisationView = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  supportAddress: z.string().nullable(),
});
export type OrganisationView = z.output<typeof organisationView>;

/** Asked by services at their start, before they have an actor. */
export const findOrganisation = contract('organisations.find', {
  request: z.strictObject({ slug: z.string().min(1).max(100) }),
  reply: organisationView,
});

export const agentView = z.object({ id: z.uuid(), name: z.string(), email: z.string(), role: z.enum(ROLES) });
export type AgentView = z.output<typeof agentView>;

/** The agent with this e-mail address, or null; disabled agents are not found. */
export const findAgent = contract('agents.find', {
  request: z.strictObject({ email: emailAddress }),
  reply: agentView.nullable(),
});
export const listAgents = contract('agents.list', {
  request: z.strictObject({}),
  reply: z.object({ items: z.array(agentView) }),
});
