import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AgentRepository, type ActingAgentRow } from './agent.repository.js';

/** How long a replica may go on with what another one has changed about somebody. */
const FRESH_MS = 5_000;
const MAX_KNOWN = 20_000;

interface Kept<T> {
  readAtMs: number;
  row: Promise<T | null>;
}

/**
 * Who acts, as the database knows them: name, role and teams are never taken from a request. Asked by every request, so it
 * is kept for some seconds, and many who ask at once share one look-up.
 */
@Injectable()
export class KnownActors {
  private readonly agents = new Map<string, Kept<ActingAgentRow>>();
  private readonly contacts = new Map<string, Kept<{ name: string }>>();

  constructor(private readonly people: AgentRepository) {}

  /**
   * FORBIDDEN for somebody whom the organisation does not have, and for a disabled agent. A system actor is a service of
   * ours, whom the bus lets ask this (apps/cli/src/stack/nats-permissions.ts).
   */
  async resolve(claimed: Actor): Promise<Actor> {
    const { orgId, kind, id, surface } = claimed;
    if (kind === 'system') return { ...claimed, role: null, teamIds: null };
    if (id === null) throw new DeskError('UNAUTHORIZED', `A request of ${article(kind)} must say whose it is`);
    return kind === 'agent' ? this.agent(orgId, id, surface) : this.contact(orgId, id, surface);
  }

  async agent(orgId: string, id: string, surface: Actor['surface']): Promise<Actor> {
    const row = await kept(this.agents, `${orgId} ${id}`, () => this.people.acting(orgId, id));
    if (!row) throw new DeskError('FORBIDDEN', 'You are not an agent of this organisation');
    if (row.disabled_at) throw new DeskError('FORBIDDEN', 'You are no longer an agent: an admin has disabled you');
    const teamIds = row.restricted_to_teams ? row.team_ids : null;
    return { orgId, kind: 'agent', id, name: row.name, role: row.role, teamIds, surface };
  }

  /** They have changed here; other replicas notice within FRESH_MS. */
  forget(orgId: string, id: string): void {
    this.agents.delete(`${orgId} ${id}`);
    this.contacts.delete(`${orgId} ${id}`);
  }

  private async contact(orgId: string, id: string, surface: Actor['surface']): Promise<Actor> {
    const row = await kept(this.contacts, `${orgId} ${id}`, () => this.people.actingContact(orgId, id));
    if (!row) throw new DeskError('FORBIDDEN', 'You are not a contact of this organisation');
    return { orgId, kind: 'contact', id, name: row.name, role: null, teamIds: null, surface };
  }
}

const article = (kind: Actor['kind']) => (kind === 'agent' ? 'an agent' : 'a contact');

function kept<T>(map: Map<string, Kept<T>>, key: string, look: () => Promise<T | null>): Promise<T | null> {
  const before = map.get(key);
  if (before && Date.now() - before.readAtMs < FRESH_MS) return before.row;
  if (map.size >= MAX_KNOWN) map.clear();
  const row = look();
  const entry = { readAtMs: Date.now(), row };
  map.set(key, entry);
  // Only who is there is remembered: nobody waits five seconds for somebody who was just made, or for a database come back.
  row.then(
    (found) => found === null && map.get(key) === entry && map.delete(key),
    () => map.get(key) === entry && map.delete(key),
  );
  return row;
}
