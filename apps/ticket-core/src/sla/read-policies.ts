import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { byPrecedence, choosePolicy } from '#sla/choose-policy.js';
import { conditionsHold } from '#sla/conditions-hold.js';
import { policySchema, type SlaPolicy } from '#sla/policy.schema.js';
import { Database } from '../database/database.js';
import { ticketFactsOf } from '../tickets/ticket-facts.js';
import { notFound } from './change-policies.js';
import { OpenTicketRepository } from './open-ticket.repository.js';
import { PolicyBook } from './policy-book.js';
import { policyDifference, progressOf } from './policy.view.js';
import { can as mayRead } from '../tickets/ticket.policy.js';
import { demand } from './sla.policy.js';
import { SlaPolicyRepository, type StoredPolicyRow } from './sla-policy.repository.js';

const BATCH = 2_000;
/** The id of a policy that is not there yet; after every other in precedence. */
const PROPOSED = 'proposed';
const FIRST = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class ReadPolicies {
  constructor(
    private readonly database: Database,
    private readonly policies: SlaPolicyRepository,
    private readonly tickets: OpenTicketRepository,
    private readonly book: PolicyBook,
  ) {}

  /** In the order in which they are tried. */
  list(actor: Actor): Promise<StoredPolicyRow[]> {
    demand(actor, 'read_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.policies.all(tx);
      return rows
        .map((row) => {
          const { priority, enabled, conditions } = policySchema.parse(row.policy);
          return { id: row.id, createdAt: row.created_at.getTime(), priority, enabled, conditions, row };
        })
        .toSorted(byPrecedence)
        .map(({ row }) => row);
    });
  }

  one(actor: Actor, id: string): Promise<StoredPolicyRow> {
    demand(actor, 'read_policies');
    return this.database.tenant(actor.orgId, async (tx) => (await this.policies.find(tx, id)) ?? notFound());
  }

  /** Who changed what of a policy and when, newest first, and how far open tickets have followed. */
  async changes(actor: Actor, id: string) {
    demand(actor, 'read_policies');
    const rows = await this.database.tenant(actor.orgId, (tx) => this.policies.changes(tx, id));
    return {
      items: (rows ?? notFound()).map((row) => ({
        version: row.version,
        what: row.old_policy === null ? 'created' : row.new_policy === null ? 'deleted' : 'updated',
        by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
        at: row.at.toISOString(),
        changes: policyDifference(row.old_policy, row.new_policy),
        openTickets: progressOf(row.reckoning),
      })),
    };
  }

  /**
   * What a policy would do if it were made now: `matches` open tickets fit its conditions, and `catches` of them would get
   * it, no other coming first; of a restricted agent's tickets for them. Nothing is changed.
   */
  preview(actor: Actor, policy: SlaPolicy): Promise<{ openTickets: number; matches: number; catches: number }> {
    demand(actor, 'preview_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const proposed = { id: PROPOSED, createdAt: Date.now(), ...policy };
      const others = await this.book.of(tx, actor.orgId);
      const counts = { openTickets: 0, matches: 0, catches: 0 };
      let after = FIRST;
      for (;;) {
        const rows = await this.tickets.batch(tx, after, BATCH);
        for (const row of rows) {
          if (!mayRead(actor, 'read', { contactId: null, teamId: row.team_id, assigneeId: row.assignee_id })) continue;
          const facts = ticketFactsOf(row);
          counts.openTickets += 1;
          if (!conditionsHold(policy.conditions, facts)) continue;
          counts.matches += 1;
          if (choosePolicy([...others, proposed], facts)?.id === PROPOSED) counts.catches += 1;
        }
        if (rows.length < BATCH) return counts;
        after = rows.at(-1)!.id;
      }
    });
  }
}
