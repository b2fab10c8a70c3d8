import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { getSlaBreached } from '#shared/contracts/sla-breaches.js';
import { claimDueClocks, settleDueClocks, takeEscalationStep } from '#shared/contracts/sla-clocks.js';
import { createSlaPolicy, deleteSlaPolicy, listSlaPolicies, updateSlaPolicy } from '#shared/contracts/sla-policies.js';
import { getSlaReport } from '#shared/contracts/sla-reports.js';
import { getSlaTracking, pauseSlaTracking, resumeSlaTracking } from '#shared/contracts/sla-tracking.js';
import { badRequestFrom } from '#shared/errors/desk-error.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { policySchema } from '#sla/policy.schema.js';
import { ChangePolicies } from './change-policies.js';
import { ClaimDueClocks } from './claim-due-clocks.js';
import { GetTracking } from './get-tracking.js';
import { ListBreaches } from './list-breaches.js';
import { MakeReport } from './make-report.js';
import { PauseTracking } from './pause-tracking.js';
import { updatePolicyInput } from './policy-input.js';
import { policyViewOf } from './policy.view.js';
import { ReadPolicies } from './read-policies.js';
import { TakeEscalationStep } from './take-escalation-step.js';

type Request<C extends { request: z.ZodType }> = z.output<C['request']>;

/** What the monitor does: for all organisations, and nobody's business but its own. */
@Controller()
export class SlaMonitorNats {
  constructor(
    private readonly clocks: ClaimDueClocks,
    private readonly steps: TakeEscalationStep,
  ) {}

  @Answers(claimDueClocks)
  claim(@Input(claimDueClocks) { limit, leaseMs }: Request<typeof claimDueClocks>) {
    return this.clocks.claim(limit, leaseMs);
  }

  @Answers(settleDueClocks)
  settle(@Input(settleDueClocks) { clocks }: Request<typeof settleDueClocks>) {
    return this.clocks.settle(clocks);
  }

  @Answers(takeEscalationStep)
  take(@Input(takeEscalationStep) step: Request<typeof takeEscalationStep>) {
    return this.steps.execute(step);
  }
}

/** The document's procedures, as tRPC and REST have them. */
@Controller()
export class SlaNats {
  constructor(
    private readonly policies: ReadPolicies,
    private readonly change: ChangePolicies,
    private readonly tracking: GetTracking,
    private readonly pauses: PauseTracking,
    private readonly breaches: ListBreaches,
    private readonly reports: MakeReport,
  ) {}

  @Answers(listSlaPolicies)
  async list(@ActorOf() actor: Actor) {
    return { items: (await this.policies.list(actor)).map(policyViewOf) };
  }

  @Answers(createSlaPolicy)
  async create(@Input(createSlaPolicy) input: Request<typeof createSlaPolicy>, @ActorOf() actor: Actor) {
    return policyViewOf(await this.change.create(actor, read(policySchema, input)));
  }

  @Answers(updateSlaPolicy)
  async update(@Input(updateSlaPolicy) input: Request<typeof updateSlaPolicy>, @ActorOf() actor: Actor) {
    const { id, changes } = read(updatePolicyInput, input);
    return policyViewOf(await this.change.update(actor, id, changes));
  }

  @Answers(deleteSlaPolicy)
  remove(@Input(deleteSlaPolicy) { id }: Request<typeof deleteSlaPolicy>, @ActorOf() actor: Actor) {
    return this.change.remove(actor, id);
  }

  @Answers(getSlaTracking)
  get(@Input(getSlaTracking) { ticketId }: Request<typeof getSlaTracking>, @ActorOf() actor: Actor) {
    return this.tracking.execute(actor, ticketId);
  }

  @Answers(getSlaBreached)
  breached(@Input(getSlaBreached) input: Request<typeof getSlaBreached>, @ActorOf() actor: Actor) {
    return this.breaches.execute(actor, input);
  }

  @Answers(pauseSlaTracking)
  pause(@Input(pauseSlaTracking) { ticketId, reason }: Request<typeof pauseSlaTracking>, @ActorOf() actor: Actor) {
    return this.pauses.pause(actor, ticketId, reason || null);
  }

  @Answers(resumeSlaTracking)
  resume(@Input(resumeSlaTracking) { ticketId }: Request<typeof resumeSlaTracking>, @ActorOf() actor: Actor) {
    return this.pauses.resume(actor, ticketId);
  }

  @Answers(getSlaReport)
  report(@Input(getSlaReport) input: Request<typeof getSlaReport>, @ActorOf() actor: Actor) {
    return this.reports.execute(actor, input);
  }
}

function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (!result.success) throw badRequestFrom(result.error.issues);
  return result.data;
}
