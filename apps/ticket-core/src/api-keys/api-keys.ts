import { Injectable } from '@nestjs/common';
import { type Actor, lesserRole } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { KnownActors } from '../agents/known-actors.js';
import { ApiKeyRepository, type HeldKeyRow } from './api-key.repository.js';
import { hashOf } from './key-secret.js';
import { KeyUsage } from './key-usage.js';

/** How long a key that was revoked elsewhere may still be let in by a replica that has just seen it. */
const FRESH_MS = 5_000;
const MAX_KNOWN = 10_000;

/** Who bears a key, and what it opens. */
export interface KeyHolder {
  actor: Actor;
  /** Null: everything that the role may. */
  scopes: string[] | null;
  /** The key itself, and when it ends; null: never. */
  key: { id: string; expiresAt: Date | null };
}

/** Who holds an API key. Kept for a few seconds, since every request asks. */
@Injectable()
export class ApiKeys {
  private readonly known = new Map<string, { row: HeldKeyRow | null; readAtMs: number }>();

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly people: KnownActors,
    private readonly usage: KeyUsage,
  ) {}

  /** Null for a key that is unknown, revoked or expired, or whose agent is disabled. */
  async holderOf(key: string, surface: Actor['surface']): Promise<KeyHolder | null> {
    const row = await this.held(hashOf(key));
    if (!row || (row.expires_at && row.expires_at.getTime() <= Date.now())) return null;
    const agent = await this.agentOf(row, surface);
    if (!agent) return null;
    this.usage.note(row.org_id, row.id);
    const { id, expires_at: expiresAt } = row;
    return { actor: { ...agent, role: lesserRole(agent.role!, row.role) }, scopes: row.scopes, key: { id, expiresAt } };
  }

  /** What a key that this process has let in lately is called here, else null. It asks nobody: it comes before all other work. */
  knownName(key: string): string | null {
    const name = hashOf(key).toString('base64');
    return this.known.get(name)?.row ? name : null;
  }

  /** It has changed here; other replicas notice within FRESH_MS. */
  forget(hash: Buffer): void {
    this.known.delete(hash.toString('base64'));
  }

  private async held(hash: Buffer): Promise<HeldKeyRow | null> {
    const name = hash.toString('base64');
    const before = this.known.get(name);
    if (before && Date.now() - before.readAtMs < FRESH_MS) return before.row;
    const row = await this.keys.held(hash);
    // The oldest goes: somebody who tries many keys does not push the good ones out one and all.
    this.known.delete(name);
    if (this.known.size >= MAX_KNOWN) this.known.delete(this.known.keys().next().value!);
    this.known.set(name, { row, readAtMs: Date.now() });
    return row;
  }

  private async agentOf({ org_id, agent_id }: HeldKeyRow, surface: Actor['surface']): Promise<Actor | null> {
    try {
      return await this.people.agent(org_id, agent_id, surface);
    } catch (error) {
      if (error instanceof DeskError && error.code === 'FORBIDDEN') return null;
      throw error;
    }
  }
}
