import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { OrganisationRepository } from './organisation.repository.js';

/** How long a key that was revoked may still be let in by a replica that has just seen it. */
const FRESH_MS = 5_000;
const MAX_KNOWN = 10_000;

export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Who holds an API key. Kept for a few seconds, since every request asks. */
@Injectable()
export class ApiKeys {
  private readonly known = new Map<string, { actor: Actor | null; readAtMs: number }>();

  constructor(private readonly organisations: OrganisationRepository) {}

  /** Null for a key that is unknown, revoked or expired. */
  async actorOf(key: string): Promise<Actor | null> {
    const hash = hashOf(key);
    const name = hash.toString('base64');
    const before = this.known.get(name);
    if (before && Date.now() - before.readAtMs < FRESH_MS) return before.actor;
    const holder = await this.organisations.keyHolder(hash);
    const actor: Actor | null = holder && {
      orgId: holder.org_id,
      kind: 'agent',
      id: holder.agent_id,
      name: holder.name,
      role: holder.role,
      teamIds: null,
      surface: 'api',
    };
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(name, { actor, readAtMs: Date.now() });
    return actor;
  }
}
