import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { BreachedView, getBreachedInput } from '#shared/contracts/sla-breaches.js';
import { ActivityLog } from '../activities/activity-log.js';
import { Database, type Tx } from '../database/database.js';
import { type BreachTicketRow, BreachRepository } from './breach.repository.js';
import { onlyTeamsOf } from './only-teams.js';
import { demand } from './sla.policy.js';
import { breachesOf, trackingOf, violatedBy, warningOf } from './tracking.view.js';

type Question = z.output<typeof getBreachedInput>;

/** Tickets that missed a target, and those about to. Found by the stored clocks, told from their history. */
@Injectable()
export class ListBreaches {
  constructor(
    private readonly database: Database,
    private readonly breaches: BreachRepository,
    private readonly log: ActivityLog,
  ) {}

  execute(actor: Actor, { includeWarnings, policyId, limit }: Question): Promise<BreachedView> {
    demand(actor, 'read_breaches');
    const nowMs = Date.now();
    return this.database.tenant(actor.orgId, async (tx) => {
      const now = new Date(nowMs);
      const asked = { policyId: policyId ?? null, limit, onlyTeams: onlyTeamsOf(actor) };
      const missed = await this.breaches.breached(tx, now, asked);
      const warned = includeWarnings ? await this.breaches.warned(tx, now, asked) : { rows: [], total: 0 };
      const breached: BreachedView['breached'] = [];
      for (const { tracking, evaluation, ticket, policy } of await this.dress(tx, missed.rows, nowMs)) {
        const [worst, ...others] = breachesOf(evaluation, nowMs);
        if (!worst) continue;
        const { breachType, breachDuration } = worst;
        breached.push({ tracking, ticket, policy, breachType, breachDuration, breaches: [worst, ...others] });
      }
      const warnings: BreachedView['warnings'] = [];
      for (const { tracking, evaluation, ticket, policy } of await this.dress(tx, warned.rows, nowMs)) {
        const warning = warningOf(evaluation);
        if (warning) warnings.push({ tracking, ticket, policy, ...warning });
      }
      return {
        breached,
        warnings,
        totals: { breached: missed.total, warnings: warned.total },
      };
    });
  }

  /** In the first document's words: each entry says what was violated. */
  async violations(actor: Actor, question: Question) {
    const { breached, warnings, totals } = await this.execute(actor, question);
    const items = breached.map((entry) => ({ ...entry, violated: violatedBy(entry.breaches) }));
    return { items, warnings, totals };
  }

  private async dress(tx: Tx, rows: readonly BreachTicketRow[], nowMs: number) {
    const histories = await this.log.historiesOf(
      tx,
      rows.map(({ ticket_id }) => ticket_id),
    );
    return rows.map((row) => {
      const { ticket_id: id, number, subject, priority, status } = row;
      const history = histories.get(id) ?? [];
      const { view, evaluation } = trackingOf({ tracking: row, ticket: { ...row, id }, history }, nowMs);
      const policy = row.policy_name === null ? null : { name: row.policy_name };
      return { tracking: view, evaluation, ticket: { id, number, subject, priority, status }, policy };
    });
  }
}
