import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, lesserRole, type Role } from '#shared/contracts/actor.js';
import type { AgentDetails } from '#shared/contracts/agents.js';
import {
  type ApiKeyView,
  type createApiKeyInput,
  type listApiKeysInput,
  type NewApiKeyView,
  type rotateApiKeyInput,
} from '#shared/contracts/api-keys.js';
import { LATEST_MS } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AgentBook } from '../agents/agent-book.js';
import { type Audited, AuditLog } from '../audit/audit-log.js';
import { readCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { can, demand } from '../organisations/people.policy.js';
import { apiKeyViewOf } from './api-key.view.js';
import { ApiKeyRepository, type ApiKeyRow } from './api-key.repository.js';
import { ApiKeys, type KeyHolder } from './api-keys.js';
import { withinExpiry, withinScopes } from './key.policy.js';
import { makeKey } from './key-secret.js';

const DAY_MS = 24 * 60 * 60_000;

/** Makes, shows, rotates and revokes API keys: agents their own, admins all. No key makes one that may more, or lasts longer, than itself. */
@Injectable()
export class KeepApiKeys {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
    private readonly held: ApiKeys,
    private readonly agents: AgentBook,
    private readonly audit: AuditLog,
  ) {}

  create(
    { actor, scopes, key: { expiresAt: end } }: KeyHolder,
    input: z.output<typeof createApiKeyInput>,
  ): Promise<NewApiKeyView> {
    demand(actor, 'use_keys');
    const expiresAt = withinExpiry(end, expiryOf(input, Date.now()));
    return this.database.tenant(actor.orgId, async (tx) => {
      const agent = await this.ownerOf(tx, actor, input.agentId);
      const key = {
        name: input.name,
        agentId: agent.id,
        role: roleFor(actor, agent, input.role ?? null),
        scopes: withinScopes(scopes, input.scopes ?? null),
        expiresAt,
      };
      return this.add(tx, actor, key);
    });
  }

  /** The first administrator's, of an organisation that is just being made. */
  async addFirst(tx: Tx, org: { id: string; slug: string }, agentId: string): Promise<string> {
    const { key, prefix, hash } = makeKey(org.slug);
    const name = 'The first key';
    const rights = { role: null, scopes: null, expiresAt: null };
    await this.keys.add(tx, org.id, { id: uuidv7(), name, prefix, hash, agentId, ...rights, createdBy: null });
    return key;
  }

  /** Newest first; revoked ones on request. An admin sees everybody's. */
  page(
    actor: Actor,
    { agentId: whose, includeRevoked, limit, cursor }: z.output<typeof listApiKeysInput>,
  ): Promise<{ items: ApiKeyView[]; nextCursor: string | null }> {
    demand(actor, 'use_keys');
    const before = readCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const all = whose === undefined && can(actor, 'manage_all_keys');
      const agentId = all ? null : (await this.ownerOf(tx, actor, whose)).id;
      const rows = await this.keys.list(tx, { agentId, includeRevoked, before, limit: limit + 1 });
      return pageOf(rows, limit, apiKeyViewOf, ({ created_at: at, id }) => ({ at, id }));
    });
  }

  one(actor: Actor, id: string): Promise<ApiKeyView> {
    demand(actor, 'use_keys');
    return this.database.tenant(actor.orgId, async (tx) => apiKeyViewOf(theirs(actor, await this.keys.byId(tx, id))));
  }

  /** It opens nothing any more, everywhere within seconds. Once more is no mistake. */
  async revoke(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'use_keys');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = theirs(actor, await this.keys.toChange(tx, id));
      const hash = await this.keys.revoke(tx, id);
      if (hash) {
        await this.note(tx, actor, 'deleted', row, { from: told(apiKeyViewOf(row)) });
        tx.afterCommit(() => this.held.forget(hash));
      }
      return { success: true };
    });
  }

  /**
   * Another key for the same agent, role and scopes; the old one ends now, or after `overlapMinutes`. It lasts as long as
   * the old one was meant to, unless told otherwise.
   */
  rotate(
    { actor, scopes, key }: KeyHolder,
    id: string,
    input: z.output<typeof rotateApiKeyInput>,
  ): Promise<NewApiKeyView> {
    demand(actor, 'use_keys');
    const nowMs = Date.now();
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = theirs(actor, await this.keys.toChange(tx, id));
      if (row.revoked_at) throw new DeskError('UNPROCESSABLE', 'This key is revoked: make a new one');
      const owner = await this.agents.resolve(tx, row.agent_id, '/agentId');
      const lifetimeMs = row.expires_at && row.expires_at.getTime() - row.created_at.getTime();
      const renewed = lifetimeMs === null ? null : new Date(Math.min(nowMs + lifetimeMs, LATEST_MS));
      // A key may renew itself for as long as it was made for, and no other for longer than itself.
      const end = key.expiresAt && (key.id === row.id ? renewed : key.expiresAt);
      const made = await this.add(tx, actor, {
        name: row.name,
        agentId: row.agent_id,
        role: roleFor(actor, owner, row.role),
        scopes: withinScopes(scopes, row.scopes),
        expiresAt: withinExpiry(end, expiryOf(input, nowMs) ?? renewed),
      });
      const { overlapMinutes } = input;
      const hash =
        overlapMinutes === 0
          ? await this.keys.revoke(tx, id)
          : await this.keys.expire(tx, id, new Date(nowMs + overlapMinutes * 60_000));
      await this.note(tx, actor, overlapMinutes === 0 ? 'deleted' : 'updated', row, {
        from: told(apiKeyViewOf(row)),
        to: { rotatedTo: made.prefix, overlapMinutes },
      });
      tx.afterCommit(() => hash && this.held.forget(hash));
      return made;
    });
  }

  private async add(
    tx: Tx,
    actor: Actor,
    key: Pick<Parameters<ApiKeyRepository['add']>[2], 'name' | 'agentId' | 'role' | 'scopes' | 'expiresAt'>,
  ): Promise<NewApiKeyView> {
    const id = uuidv7();
    const { key: secret, prefix, hash } = makeKey(await this.keys.slug(tx));
    await this.keys.add(tx, actor.orgId, { ...key, id, prefix, hash, createdBy: actor.id });
    const row = (await this.keys.byId(tx, id))!;
    const view = apiKeyViewOf(row);
    await this.note(tx, actor, 'created', row, { to: told(view) });
    return { ...view, key: secret };
  }

  private async ownerOf(tx: Tx, actor: Actor, whose: string | undefined): Promise<AgentDetails> {
    if (whose === undefined && actor.id === null)
      throw new DeskError('BAD_REQUEST', 'agentId: is missing', [{ pointer: '/agentId', message: 'is missing' }]);
    const agent = await this.agents.resolve(tx, whose ?? actor.id!, '/agentId');
    if (agent.id !== actor.id) demand(actor, 'manage_all_keys');
    return agent;
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    { id, name, prefix }: ApiKeyRow,
    values: Pick<Audited, 'from' | 'to'>,
  ): Promise<void> {
    const subjectName = `${name} (${prefix}…)`;
    return this.audit.add(tx, actor, { action, subjectType: 'api_key', subjectId: id, subjectName, ...values });
  }
}

/** NOT_FOUND for somebody else's, unless an admin asks. */
function theirs(actor: Actor, row: ApiKeyRow | null): ApiKeyRow {
  const may = row && (row.agent_id === actor.id || can(actor, 'manage_all_keys'));
  if (!may) throw new DeskError('NOT_FOUND', 'There is no such API key');
  return row;
}

/**
 * The role that is written: not above the maker's. A maker who acts with less than their own role (by such a key) cannot
 * get the rest back by making a key without one.
 */
function roleFor(actor: Actor, owner: AgentDetails, wanted: Role | null): Role | null {
  const maker = actor.kind === 'system' ? 'admin' : actor.role!;
  if (wanted !== null && lesserRole(wanted, maker) !== wanted) {
    throw DeskError.at('FORBIDDEN', '/role', `is above your own (${maker})`);
  }
  return wanted ?? (lesserRole(owner.role, maker) === owner.role ? null : maker);
}

function expiryOf(
  { expiresAt, expiresInDays }: { expiresAt?: string | undefined; expiresInDays?: number | undefined },
  nowMs: number,
): Date | null {
  if (expiresInDays !== undefined) return new Date(nowMs + expiresInDays * DAY_MS);
  if (expiresAt === undefined) return null;
  const at = new Date(expiresAt);
  if (at.getTime() > nowMs) return at;
  throw new DeskError('BAD_REQUEST', 'expiresAt: is over already', [
    { pointer: '/expiresAt', message: 'is over already' },
  ]);
}

const told = ({ name, prefix, agent, role, scopes, expiresAt }: ApiKeyView) => ({
  name,
  prefix,
  agent: agent.email,
  role,
  scopes,
  expiresAt,
});
