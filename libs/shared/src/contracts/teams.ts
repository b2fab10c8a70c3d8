import { z } from 'zod';
import { contract } from './contract.js';
import { oneLineName } from './names.js';
import { instant } from './values.js';

/** By which a team is mentioned and found: `billing`. */
export const teamHandle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be letters, digits, dots, hyphens or underscores, at most 63');

/** “Second Line (EMEA)” → `second-line-emea`; empty when nothing of the name can stand in a handle. */
export const handleFromName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 63);

export const teamMember = z.object({ id: z.uuid(), name: z.string(), email: z.string(), handle: z.string() });

export const teamView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    handle: z.string(),
    description: z.string(),
    memberCount: z.int().nonnegative(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Team' });
export type TeamView = z.output<typeof teamView>;

/** With its members, disabled ones left out. */
export const teamDetails = teamView.extend({ members: z.array(teamMember) }).meta({ id: 'TeamWithMembers' });
export type TeamDetails = z.output<typeof teamDetails>;

/** A team as people write one: id, handle or name. */
export const teamRef = z.string().trim().min(1).max(200);

const description = z.string().trim().max(2_000);

export const createTeamInput = z
  .strictObject({
    name: oneLineName(100),
    /** Absent: made of the name. */
    handle: teamHandle.optional(),
    description: description.default(''),
    /** Ids, e-mail addresses, handles or names of agents. */
    members: z.array(z.string().trim().min(1).max(254)).max(500).default([]),
  })
  .meta({ example: { name: 'Billing', members: ['bea@acme.test'] } });

export const updateTeamFields = z
  .strictObject({
    name: oneLineName(100).optional(),
    handle: teamHandle.optional(),
    description: description.optional(),
  })
  .meta({ example: { name: 'Billing and contracts' } });

export const listTeamsInput = z.strictObject({
  q: z.string().trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2_000).optional(),
});

export const deleteTeamInput = z.strictObject({
  /** Where its open tickets go: another team, or `none`. Without it, a team that has any is not deleted. */
  moveTo: teamRef.optional(),
});
export const deletedTeam = z.object({ success: z.literal(true), movedTickets: z.int().nonnegative() });

export const teamPage = z.object({ items: z.array(teamView), nextCursor: z.string().nullable() });
export const listTeams = contract('teams.list', { request: listTeamsInput, reply: teamPage });
