import { z } from 'zod';
import { ROLES } from './actor.js';
import { contract } from './contract.js';
import { oneLineName } from './names.js';
import { emailAddress, instant } from './values.js';

export const agentView = z.object({ id: z.uuid(), name: z.string(), email: z.string(), role: z.enum(ROLES) });
export type AgentView = z.output<typeof agentView>;

/** The agent with this e-mail address, or null; disabled agents are not found. */
export const findAgent = contract('agents.find', {
  bySystem: true,
  request: z.strictObject({ email: emailAddress }),
  reply: agentView.nullable(),
});
export const listAgents = contract('agents.list', {
  bySystem: true,
  request: z.strictObject({}),
  reply: z.object({ items: z.array(agentView) }),
});

/** By which people are mentioned and found: `alice` of alice@acme.test. */
export const handleOf = (email: string): string => email.slice(0, email.lastIndexOf('@'));

export const agentDetails = agentView
  .extend({
    handle: z.string(),
    /** Sees only tickets of their teams, and those assigned to them. */
    restrictedToTeams: z.boolean(),
    teamIds: z.array(z.uuid()),
    disabledAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Agent' });
export type AgentDetails = z.output<typeof agentDetails>;
export const agentPage = z.object({ items: z.array(agentDetails), nextCursor: z.string().nullable() });

const role = z.enum(ROLES);
const teamIds = z.array(z.string().trim().min(1).max(200)).max(100);

export const createAgentInput = z
  .strictObject({
    email: emailAddress,
    /** Absent: their handle. */
    name: oneLineName().optional(),
    role: role.default('agent'),
    restrictedToTeams: z.boolean().default(false),
    /** Ids, handles or names of teams. */
    teamIds: teamIds.default([]),
  })
  .meta({ example: { email: 'dana@acme.test', name: 'Dana', role: 'agent' } });

/** What is absent stays; `teamIds` replaces all memberships. */
export const updateAgentFields = z
  .strictObject({
    email: emailAddress.optional(),
    name: oneLineName().optional(),
    role: role.optional(),
    restrictedToTeams: z.boolean().optional(),
    teamIds: teamIds.optional(),
    /** False lets a disabled agent in again; true is what DELETE does. */
    disabled: z.boolean().optional(),
  })
  .meta({ example: { role: 'manager' } });

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});

export const listAgentsInput = z.strictObject({
  /** Part of a name or an address. */
  q: z.string().trim().min(1).max(200).optional(),
  role: role.optional(),
  /** A team’s id, handle or name; `teamId` is the same. */
  team: z.string().trim().min(1).max(200).optional(),
  teamId: z.string().trim().min(1).max(200).optional(),
  includeDisabled: flag.default(false),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2_000).optional(),
});

/** An agent as people write one: id, e-mail address, handle (`alice`, `@alice`) or exact name. */
export const agentRef = z.string().trim().min(1).max(254);
