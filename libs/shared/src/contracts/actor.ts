import { z } from 'zod';

export const ROLES = ['viewer', 'agent', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who is acting, in which organisation. Every request carries one; the core authorises it again.
 * A `system` actor is a service of ours doing its own work (filing a mail, rendering a card).
 */
export const actorSchema = z.object({
  orgId: z.uuid(),
  kind: z.enum(['agent', 'contact', 'system']),
  id: z.uuid().nullable(),
  name: z.string().max(200).default(''),
  role: z.enum(ROLES).nullable().default(null),
  /** An agent who sees only the tickets of these teams and those assigned to them; null: all. Known by the core, whoever asks. */
  teamIds: z.array(z.uuid()).nullable().default(null),
  surface: z.enum(['api', 'slack', 'email', 'cli', 'trpc', 'system']).default('system'),
});
export type Actor = z.output<typeof actorSchema>;

export const systemActor = (orgId: string): Actor => ({
  orgId,
  kind: 'system',
  id: null,
  name: 'Deskwire',
  role: null,
  teamIds: null,
  surface: 'system',
});

/** The lesser of two roles; null does not limit the other. */
export const lesserRole = (role: Role, limit: Role | null): Role =>
  limit !== null && ROLES.indexOf(limit) < ROLES.indexOf(role) ? limit : role;
