import { z } from 'zod';
import { agentView } from './agents.js';
import { contract } from './contract.js';
import { oneLineName } from './names.js';
import { emailAddress, instant } from './values.js';

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

/** Text search configurations that Postgres 18 brings along; `simple` stems nothing and has no stop words. */
export const TICKET_LANGUAGES = [
  'simple',
  'arabic',
  'armenian',
  'basque',
  'catalan',
  'danish',
  'dutch',
  'english',
  'finnish',
  'french',
  'german',
  'greek',
  'hindi',
  'hungarian',
  'indonesian',
  'irish',
  'italian',
  'lithuanian',
  'nepali',
  'norwegian',
  'portuguese',
  'romanian',
  'russian',
  'serbian',
  'spanish',
  'swedish',
  'tamil',
  'turkish',
  'yiddish',
] as const;

/** An IANA zone, as the runtime knows them; an offset is none, since it has no summer. */
export const timezone = z
  .string()
  .max(100)
  .refine(isZone, { error: 'must be an IANA time zone, such as Europe/Berlin' });

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}

const autoCloseDays = z.int().min(0).max(365);
const maxAttachmentBytes = z
  .int()
  .min(1_024)
  .max(100 * 1024 * 1024);
const ticketLanguage = z.enum(TICKET_LANGUAGES);

/** What an organisation may set, as it is read: whatever it never set has its default. */
export const organisationSettings = z.object({
  /** Of business days, and of the periods in statistics. */
  timezone: timezone.default('UTC'),
  /** A resolved ticket closes by itself after so many days; 0: never. */
  autoCloseDays: autoCloseDays.default(7),
  /** The language that most tickets are written in: search finds its words in every form. */
  ticketLanguage: ticketLanguage.default('english'),
  /** Whoever is @-mentioned in a message is told. */
  mentionsNotify: z.boolean().default(true),
  /** Largest file that may be attached. */
  maxAttachmentBytes: maxAttachmentBytes.default(25 * 1024 * 1024),
});
export type OrganisationSettings = z.output<typeof organisationSettings>;

/** The same as it is changed: what is absent stays. */
export const settingsChanges = z.strictObject({
  timezone: timezone.optional(),
  autoCloseDays: autoCloseDays.optional(),
  ticketLanguage: ticketLanguage.optional(),
  mentionsNotify: z.boolean().optional(),
  maxAttachmentBytes: maxAttachmentBytes.optional(),
});

export const organisationDetails = organisationView
  .extend({ settings: organisationSettings, createdAt: instant })
  .meta({ id: 'Organisation' });
export type OrganisationDetails = z.output<typeof organisationDetails>;

export const getOrganisation = contract('organisations.get', {
  request: z.strictObject({}),
  reply: organisationDetails,
});

/** The slug cannot change: keys and addresses carry it. */
export const organisationChanges = z
  .strictObject({
    name: oneLineName().optional(),
    /** Mail to the earlier address still arrives; ours leaves from this one. */
    supportAddress: emailAddress.optional(),
    settings: settingsChanges.optional(),
  })
  .meta({ example: { name: 'Acme', settings: { timezone: 'Europe/Berlin', autoCloseDays: 14 } } });

export const updateOrganisation = contract('organisations.update', {
  request: organisationChanges,
  reply: organisationDetails,
});

/** Lower-case letters, digits and hyphens: it stands in keys and addresses. */
export const slug = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, at most 63, such as acme');

/**
 * A whole organisation, with its first administrator, for who runs the desk: the bus lets only `admin` and `cli` ask
 * (apps/cli/src/stack/nats-permissions.ts). The key is in this answer and never again.
 */
export const createOrganisation = contract('organisations.create', {
  request: z.strictObject({
    slug,
    name: oneLineName(),
    supportAddress: emailAddress,
    adminEmail: emailAddress,
    /** Absent: the local part of their address. */
    adminName: oneLineName().optional(),
    timezone: timezone.optional(),
  }),
  reply: z.object({ organisation: organisationDetails, admin: agentView, apiKey: z.string() }),
  timeoutMs: 10_000,
});

/** Every organisation of this desk, for who runs it. */
export const listOrganisations = contract('organisations.list', {
  request: z.strictObject({ limit: z.int().min(1).max(500).default(100), after: z.string().max(63).optional() }),
  reply: z.object({
    items: z.array(organisationView.extend({ agents: z.int().nonnegative(), createdAt: instant })),
    /** The slug to go on after. */
    nextAfter: z.string().nullable(),
  }),
});
