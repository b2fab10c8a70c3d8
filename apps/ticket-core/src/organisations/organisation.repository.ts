import { Injectable } from '@nestjs/common';
import type { OrganisationView } from '#shared/contracts/organisations.js';
import { Database, type Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

/** The first mailbox is the one that our mail leaves from. */
const SUPPORT_ADDRESS = `(SELECT address FROM mailboxes m WHERE m.org_id = o.id ORDER BY created_at, address LIMIT 1)`;

const BY_SLUG = statement(
  'organisations.by-slug',
  `SELECT o.id, o.slug, o.name, ${SUPPORT_ADDRESS} AS "supportAddress" FROM organisations o WHERE o.slug = $1`,
);
const OWN = statement(
  'organisations.own',
  `SELECT o.id, o.slug, o.name, o.settings, o.created_at, ${SUPPORT_ADDRESS} AS support_address
   FROM organisations o WHERE o.id = (SELECT current_org())`,
);
const SETTINGS = statement(
  'organisations.settings',
  'SELECT settings FROM organisations WHERE id = (SELECT current_org())',
);
const LOCK = statement(
  'organisations.lock',
  'SELECT id FROM organisations WHERE id = (SELECT current_org()) FOR UPDATE',
);
const UPDATE = statement(
  'organisations.update',
  'UPDATE organisations SET name = $1, settings = $2::jsonb WHERE id = (SELECT current_org())',
);
/** Across tenants: whose an address is, or else who else has addresses of its domain. */
const NEIGHBOURS = statement(
  'mailboxes.neighbours',
  `SELECT org_id, address = $1 AS same FROM mailboxes WHERE org_id <> $2 AND split_part(address, '@', 2) = split_part($1, '@', 2) LIMIT 100`,
);
/** It goes before all others of the organisation, which stay: mail to them still arrives. */
const PUT_FIRST = statement(
  'mailboxes.put-first',
  `INSERT INTO mailboxes (org_id, address, created_at)
   SELECT $2, $1, least(now(), (SELECT min(created_at) FROM mailboxes WHERE org_id = $2)) - interval '1 millisecond'
   ON CONFLICT (org_id, address) DO UPDATE SET created_at = excluded.created_at`,
);

/** What follows is done by the worker's role, across tenants: who runs the desk asks, not somebody of an organisation. */
const MAKE = statement(
  'organisations.make',
  `INSERT INTO organisations (id, slug, name, settings) VALUES ($1, $2, $3, $4::jsonb) ON CONFLICT (slug) DO NOTHING RETURNING id`,
);
const MAKE_COUNTER = statement('organisations.make-counter', 'INSERT INTO ticket_counters (org_id) VALUES ($1)');
const MAKE_MAILBOX = statement(
  'organisations.make-mailbox',
  'INSERT INTO mailboxes (org_id, address) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING RETURNING address',
);
const MAKE_POLICIES = statement(
  'organisations.make-policies',
  `INSERT INTO sla_policies (org_id, id, policy, priority)
   SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, policy jsonb, priority integer)`,
);
const ANY = statement(
  'organisations.any',
  `SELECT o.id, o.slug, o.name, o.settings, o.created_at, ${SUPPORT_ADDRESS} AS support_address FROM organisations o WHERE o.id = $1`,
);
const ALL = statement(
  'organisations.all',
  `SELECT o.id, o.slug, o.name, o.settings, o.created_at, ${SUPPORT_ADDRESS} AS support_address,
     (SELECT count(*)::integer FROM agents a WHERE a.org_id = o.id AND a.disabled_at IS NULL) AS agents
   FROM organisations o WHERE $1::text IS NULL OR o.slug > $1 ORDER BY o.slug LIMIT $2`,
);

export interface OrganisationRow {
  id: string;
  slug: string;
  name: string;
  settings: unknown;
  support_address: string | null;
  created_at: Date;
}

@Injectable()
export class OrganisationRepository {
  constructor(private readonly database: Database) {}

  async bySlug(slug: string): Promise<OrganisationView | null> {
    const [row] = await this.database.acrossOnce<OrganisationView>(BY_SLUG, [slug]);
    return row ?? null;
  }

  async own(tx: Tx): Promise<OrganisationRow | null> {
    return (await tx.query<OrganisationRow>(OWN))[0] ?? null;
  }

  /** Locked until the commit: two changes go one after the other. */
  async toChange(tx: Tx): Promise<OrganisationRow | null> {
    await tx.query(LOCK);
    return this.own(tx);
  }

  async settings(tx: Tx): Promise<unknown> {
    return (await tx.query<{ settings: unknown }>(SETTINGS))[0]?.settings ?? {};
  }

  async update(tx: Tx, { name, settings }: { name: string; settings: unknown }): Promise<void> {
    await tx.query(UPDATE, [name, jsonb(settings)]);
  }

  /** Whether another organisation has this address, or one of its domain. */
  async takenBy(orgId: string, address: string): Promise<'nobody' | 'address' | 'domain'> {
    const rows = await this.database.acrossOnce<{ same: boolean }>(NEIGHBOURS, [address, orgId]);
    if (rows.length === 0) return 'nobody';
    return rows.some(({ same }) => same) ? 'address' : 'domain';
  }

  async putFirst(tx: Tx, orgId: string, address: string): Promise<void> {
    await tx.query(PUT_FIRST, [address, orgId]);
  }

  /** False: the slug is taken. */
  async make(tx: Tx, org: { id: string; slug: string; name: string; settings: unknown }): Promise<boolean> {
    if ((await tx.query(MAKE, [org.id, org.slug, org.name, jsonb(org.settings)])).length === 0) return false;
    await tx.query(MAKE_COUNTER, [org.id]);
    return true;
  }

  /** False: another organisation has this address. */
  async makeMailbox(tx: Tx, orgId: string, address: string): Promise<boolean> {
    return (await tx.query(MAKE_MAILBOX, [orgId, address])).length > 0;
  }

  async makePolicies(
    tx: Tx,
    orgId: string,
    policies: readonly { id: string; policy: unknown; priority: number }[],
  ): Promise<void> {
    await tx.query(MAKE_POLICIES, [orgId, jsonb(policies)]);
  }

  async made(tx: Tx, id: string): Promise<OrganisationRow> {
    return (await tx.query<OrganisationRow>(ANY, [id]))[0]!;
  }

  all(after: string | null, limit: number): Promise<(OrganisationRow & { agents: number })[]> {
    return this.database.acrossOnce<OrganisationRow & { agents: number }>(ALL, [after, limit]);
  }
}
