import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import { HINTS } from '#shared/contracts/hints.js';
import { NATS } from '#shared/messaging/messaging.module.js';
import { choosePolicy } from '#sla/choose-policy.js';
import type { SlaClock } from '#sla/clock.js';
import { evaluateSla, type SlaEvaluation } from '#sla/evaluate-sla.js';
import type { TicketFacts } from '#sla/ticket-facts.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity, type ActivityRead } from '../activities/activity.view.js';
import { systemActor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { escalationRowsOf } from './escalation-rows.js';
import { type EscalationRow, EscalationRepository } from './escalation.repository.js';
import { PolicyBook } from './policy-book.js';
import { type ClockRow, SlaClockRepository } from './sla-clock.repository.js';
import { rulesEver, slaQuestionOf, storedRulesOf } from './stored-rules.js';

export interface NewTicketClocks {
  tracking: object;
  clocks: ClockRow[];
  slaDeadline: string | null;
}

/** Asks evaluateSla what a ticket's clocks are after each change of its history, and stores the answer by its due times. */
@Injectable()
export class ReckonClocks {
  constructor(
    private readonly repository: SlaClockRepository,
    private readonly escalations: EscalationRepository,
    private readonly book: PolicyBook,
    private readonly log: ActivityLog,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /** A ticket that is just being opened: its history is the line that opens it (and a first reply). No query but the policies'. */
  async forNew(
    tx: Tx,
    orgId: string,
    ticketId: string,
    facts: TicketFacts,
    history: ActivityRead[],
    nowMs: number,
  ): Promise<NewTicketClocks> {
    const chosen = choosePolicy(await this.book.of(tx, orgId), facts);
    const rules = chosen && storedRulesOf(chosen.policy, chosen.calendar);
    const evaluation = evaluateSla(slaQuestionOf(rules, history, nowMs));
    const clocks = evaluation.clocks.map((clock) => rowOf(ticketId, clock));
    const steps = escalationRowsOf(ticketId, evaluation, [rules]) ?? [];
    if (steps.length > 0) await this.escalations.store(tx, orgId, ticketId, steps);
    this.hintAfter(tx, [...clocks, ...steps], nowMs);
    return {
      tracking: {
        ticket_id: ticketId,
        id: uuidv7(),
        policy_id: chosen?.id ?? null,
        policy_version: chosen?.version ?? null,
        policy_name: chosen?.policy.name ?? null,
        initial_rules: rules,
        created_at: new Date(nowMs).toISOString(),
      },
      clocks,
      slaDeadline: deadlineOf(evaluation),
    };
  }

  /**
   * A ticket whose history has grown. When a field that conditions can name changed, its policy is chosen again and the
   * change becomes part of the history. Returns the ticket's next deadline.
   */
  async again(
    tx: Tx,
    orgId: string,
    ticketId: string,
    facts: TicketFacts,
    chooseAgain: boolean,
    nowMs: number,
  ): Promise<string | null> {
    const tracking = await this.repository.tracking(tx, ticketId);
    if (!tracking) return null;
    if (chooseAgain) {
      const chosen = choosePolicy(await this.book.of(tx, orgId), facts);
      if ((chosen?.id ?? null) !== tracking.policy_id || (chosen?.version ?? null) !== tracking.policy_version) {
        const rules = chosen && storedRulesOf(chosen.policy, chosen.calendar);
        const named = chosen && { id: chosen.id, version: chosen.version, name: chosen.policy.name };
        const from = tracking.policy_id && { policyId: tracking.policy_id, name: tracking.policy_name };
        const to = {
          policyId: chosen?.id ?? null,
          version: chosen?.version ?? null,
          name: chosen?.policy.name ?? null,
          rules,
        };
        await this.log.add(tx, orgId, [
          activity(systemActor(orgId), ticketId, 'sla_policy_changed', nowMs, { from, to }),
        ]);
        await this.repository.retrack(tx, ticketId, named);
      }
    }
    const history = await this.log.historyOf(tx, ticketId);
    const evaluation = evaluateSla(slaQuestionOf(tracking.initial_rules, history, nowMs));
    const clocks = evaluation.clocks.map((clock) => rowOf(ticketId, clock));
    await this.repository.store(tx, orgId, ticketId, clocks);
    const steps = escalationRowsOf(ticketId, evaluation, rulesEver(tracking.initial_rules, history));
    if (steps) await this.escalations.store(tx, orgId, ticketId, steps);
    this.hintAfter(tx, [...clocks, ...(steps ?? [])], nowMs);
    return deadlineOf(evaluation);
  }

  /** All clocks of a ticket end, as nobody waits for it any more; `again` makes them what its history says. */
  async cancel(tx: Tx, _orgId: string, ticketId: string): Promise<void> {
    await this.repository.cancel(tx, ticketId);
    await this.escalations.cancel(tx, ticketId);
  }

  /** A clock may now be due sooner than the monitor means to look. */
  private hintAfter(tx: Tx, clocks: readonly (ClockRow | EscalationRow)[], nowMs: number): void {
    const soonestMs = Math.min(...clocks.flatMap(({ next_at }) => (next_at ? [Date.parse(next_at)] : [])));
    if (!Number.isFinite(soonestMs)) return;
    tx.afterCommit(() => {
      if (!this.nats.isClosed())
        this.nats.publish(HINTS.clockChanged, JSON.stringify({ inMs: Math.max(0, soonestMs - nowMs) }));
    });
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function rowOf(ticketId: string, clock: SlaClock): ClockRow {
  const breachDueMs = clock.breachedAt ?? (clock.state === 'running' ? (clock.warnAt ?? clock.dueAt + 1) : null);
  return {
    ticket_id: ticketId,
    target: clock.target,
    cycle: clock.cycle,
    state: clock.state,
    started_at: iso(clock.startedAt)!,
    warn_at: iso(clock.warnAt),
    due_at: iso(clock.dueAt)!,
    stopped_at: iso(clock.stoppedAt),
    breached_at: iso(clock.breachedAt),
    consumed_ms: clock.consumedMs,
    paused_ms: clock.pausedMs,
    next_at: iso(breachDueMs),
  };
}

/** The soonest due instant over clocks that have not stopped. */
function deadlineOf({ clocks }: SlaEvaluation): string | null {
  const open = clocks.filter(({ stoppedAt }) => stoppedAt === null).map(({ dueAt }) => dueAt);
  return open.length > 0 ? iso(Math.min(...open)) : null;
}
