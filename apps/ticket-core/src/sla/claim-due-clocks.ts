import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { systemActor } from '#shared/contracts/actor.js';
import type { DueClock, DueStep, settleDueClocks } from '#shared/contracts/sla-clocks.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { Database } from '../database/database.js';
import { EscalationRepository } from './escalation.repository.js';
import { SlaClockRepository } from './sla-clock.repository.js';

type Settled = z.output<(typeof settleDueClocks)['request']>['clocks'];

/** For the monitor: clocks whose warning or due instant has come, each level of each clock once. */
@Injectable()
export class ClaimDueClocks {
  constructor(
    private readonly database: Database,
    private readonly clocks: SlaClockRepository,
    private readonly escalations: EscalationRepository,
    private readonly log: ActivityLog,
  ) {}

  claim(limit: number, leaseMs: number): Promise<{ clocks: DueClock[]; steps: DueStep[]; nextInMs: number | null }> {
    return this.database.across(async (tx) => {
      const now = new Date();
      const rows = await this.clocks.claimDue(tx, now, limit, leaseMs);
      const steps = await this.escalations.claimDue(tx, now, limit, leaseMs);
      const nexts = [await this.clocks.nextAt(tx), await this.escalations.nextAt(tx)].flatMap((at) => at ?? []);
      const next = nexts.length > 0 ? Math.min(...nexts.map((at) => at.getTime())) : null;
      return {
        clocks: rows.map((row) => ({
          orgId: row.org_id,
          ticketId: row.ticket_id,
          ticketNumber: row.number,
          target: row.target,
          cycle: row.cycle,
          level: row.level,
          at: row.at.toISOString(),
          dueAt: row.due_at.toISOString(),
        })),
        steps: steps.map(({ org_id, ticket_id, target, cycle, step }) => ({
          orgId: org_id,
          ticketId: ticket_id,
          target,
          cycle,
          step,
        })),
        nextInMs: next === null ? null : Math.max(0, next - Date.now()),
      };
    });
  }

  /** The event is in JetStream: note it in the tickets' history, and do not come back to it. */
  async settle(clocks: Settled): Promise<{ settled: number }> {
    let settled = 0;
    for (const orgId of new Set(clocks.map((clock) => clock.orgId))) {
      const ours = clocks.filter((clock) => clock.orgId === orgId);
      settled += await this.database.tenant(orgId, async (tx) => {
        const fresh = await this.clocks.settle(tx, ours);
        const lines = fresh.map((clock) =>
          activity(
            systemActor(orgId),
            clock.ticket_id,
            clock.level === 'breached' ? 'sla_breached' : 'sla_warning',
            clock.at.getTime(),
            {
              to: { target: clock.target, cycle: clock.cycle, dueAt: clock.due_at.toISOString() },
            },
          ),
        );
        await this.log.add(tx, orgId, lines);
        return fresh.length;
      });
    }
    return { settled };
  }
}
