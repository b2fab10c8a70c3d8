import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { claimDueClocks, settleDueClocks, takeEscalationStep } from '#shared/contracts/sla.js';
import { Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ClaimDueClocks } from './claim-due-clocks.js';
import { TakeEscalationStep } from './take-escalation-step.js';

@Controller()
export class SlaNats {
  constructor(
    private readonly clocks: ClaimDueClocks,
    private readonly steps: TakeEscalationStep,
  ) {}

  @Answers(claimDueClocks)
  claim(@Input(claimDueClocks) { limit, leaseMs }: z.output<(typeof claimDueClocks)['request']>) {
    return this.clocks.claim(limit, leaseMs);
  }

  @Answers(settleDueClocks)
  settle(@Input(settleDueClocks) { clocks }: z.output<(typeof settleDueClocks)['request']>) {
    return this.clocks.settle(clocks);
  }

  @Answers(takeEscalationStep)
  take(@Input(takeEscalationStep) step: z.output<(typeof takeEscalationStep)['request']>) {
    return this.steps.execute(step);
  }
}
