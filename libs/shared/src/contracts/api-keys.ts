import { z } from 'zod';
import { ROLES } from './actor.js';
import { oneLineName } from './names.js';
import { givenInstant, instant } from './values.js';

/** The parts of the desk that a key may be held to. */
export const AREAS = ['tickets', 'contacts', 'time', 'settings', 'people', 'sla', 'reports', 'audit'] as const;
export type Area = (typeof AREAS)[number];

/** `tickets:read`, `tickets:write` (which reads too), or `*`: everything that the role may. */
export const SCOPES = ['*', ...AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as const)] as const;
export type Scope = (typeof SCOPES)[number];

/** Null scopes: everything that the role may. */
export const opens = (scopes: readonly string[] | null, area: Area, act: 'read' | 'write'): boolean =>
  scopes === null ||
  scopes.some((scope) => scope === '*' || scope === `${area}:write` || (act === 'read' && scope === `${area}:read`));

export const apiKeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** The beginning of the key, by which people tell one from another. */
    prefix: z.string(),
    agentId: z.uuid(),
    agent: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
    /** It acts with the lesser of this role and its agent’s; null: with its agent’s. */
    role: z.enum(ROLES).nullable(),
    /** Null: everything that the role may. */
    scopes: z.array(z.string()).nullable(),
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.output<typeof apiKeyView>;
export const apiKeyPage = z.object({ items: z.array(apiKeyView), nextCursor: z.string().nullable() });

/** The key itself is shown this once; only its hash is kept. */
export const newApiKeyView = apiKeyView.extend({ key: z.string() }).meta({ id: 'NewApiKey' });
export type NewApiKeyView = z.output<typeof newApiKeyView>;

const expiry = {
  expiresAt: givenInstant.optional(),
  expiresInDays: z.int().min(1).max(3_650).optional(),
};
const oneExpiry = {
  message: 'is there beside expiresInDays: give one of them',
  path: ['expiresAt'],
};
const hasOneExpiry = (input: { expiresAt?: string | undefined; expiresInDays?: number | undefined }) =>
  input.expiresAt === undefined || input.expiresInDays === undefined;

export const createApiKeyInput = z
  .strictObject({
    name: oneLineName(100),
    /** Whose key: id, e-mail address or handle; absent: your own. */
    agentId: z.string().trim().min(1).max(254).optional(),
    role: z.enum(ROLES).optional(),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length).optional(),
    ...expiry,
  })
  .refine(hasOneExpiry, oneExpiry)
  .meta({ example: { name: 'Nightly export', scopes: ['tickets:read'], expiresInDays: 90 } });

export const rotateApiKeyInput = z
  .strictObject({
    ...expiry,
    /** For so long the old key still works, so that whoever uses it can change over. */
    overlapMinutes: z.int().min(0).max(10_080).default(0),
  })
  .refine(hasOneExpiry, oneExpiry)
  .meta({ example: { expiresInDays: 90, overlapMinutes: 60 } });

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});

export const listApiKeysInput = z.strictObject({
  /** Whose keys: id, e-mail address or handle. */
  agentId: z.string().trim().min(1).max(254).optional(),
  includeRevoked: flag.default(false),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
