import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { SlaTrackingView } from '#shared/contracts/sla-tracking.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { EscalationAct } from '#sla/escalation.schema.js';
import { explainSla } from '#sla/explain-sla.js';
import { ActivityLog } from '../activities/activity-log.js';
import { Database, type Tx } from '../database/database.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { EscalationRepository } from './escalation.repository.js';
import { SlaClockRepository } from './sla-clock.repository.js';
import { rulesEver, slaQuestionOf } from './stored-rules.js';
import { trackingOf, type TrackingSource } from './tracking.view.js';

@Injectable()
export class GetTracking {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly clocks: SlaClockRepository,
    private readonly log: ActivityLog,
    private readonly escalations: EscalationRepository,
  ) {}

  execute(actor: Actor, ref: TicketRef): Promise<SlaTrackingView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, ref, 'read_activities');
      return trackingOf(await this.sourceOf(tx, ticket), Date.now()).view;
    });
  }

  /** With every clock's arithmetic, and the story of how it came to be so, a line an event. */
  explained(actor: Actor, ref: TicketRef) {
    return this.database.tenant(actor.orgId, async (tx) => {
      const nowMs = Date.now();
      const source = await this.sourceOf(tx, await this.find.execute(tx, actor, ref, 'read_activities'));
      const { view, evaluation } = trackingOf(source, nowMs);
      const at = (ms: number | null) => ms && new Date(ms).toISOString();
      return {
        tracking: view,
        clocks: evaluation.clocks.map((clock) => ({
          target: clock.target,
          cycle: clock.cycle,
          state: clock.state,
          startedAt: at(clock.startedAt),
          warnAt: at(clock.warnAt),
          dueAt: at(clock.dueAt),
          stoppedAt: at(clock.stoppedAt),
          breachedAt: at(clock.breachedAt),
          targetMs: clock.targetMs,
          consumedMs: clock.consumedMs,
          pausedMs: clock.pausedMs,
          remainingMs: clock.remainingMs,
          isPaused: clock.isPaused,
          warnings: clock.warnings.map(({ threshold, at: atMs, reached }) => ({ threshold, at: at(atMs), reached })),
        })),
        explanation: explainSla({
          ...slaQuestionOf(source.tracking.initial_rules, source.history, nowMs),
          names: await this.namesIn(tx, source),
        }),
      };
    });
  }

  /** What the teams and agents are called that its escalations name. */
  private namesIn(tx: Tx, { tracking, history }: TrackingSource): Promise<Record<string, string>> {
    const steps = rulesEver(tracking.initial_rules, history).flatMap((rules) => rules?.escalation ?? []);
    return this.escalations.names(tx, [...new Set(steps.flatMap(({ do: act }) => idIn(act) ?? []))]);
  }

  /** NOT_FOUND for a ticket that has no clocks at all. */
  async sourceOf(tx: Tx, ticket: TrackingSource['ticket']): Promise<TrackingSource> {
    const tracking = await this.clocks.tracking(tx, ticket.id);
    if (!tracking) throw new DeskError('NOT_FOUND', 'This ticket has no SLA tracking');
    return { tracking, ticket, history: await this.log.historyOf(tx, ticket.id) };
  }
}

function idIn(act: EscalationAct): string | null {
  if ('assignTeam' in act) return act.assignTeam;
  if ('assignAgent' in act) return act.assignAgent;
  return 'alert' in act && 'agentId' in act.alert ? act.alert.agentId : null;
}
