import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { claimDueClocks, settleDueClocks } from '#shared/contracts/sla.js';
import { Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ClaimDueClocks } from './claim-due-clocks.js';

@Controller()
export class SlaNats {
  constructor(private readonly clocks: ClaimDueClocks) {}

  @Answers(claimDueClocks)
  claim(@Input(claimDueClocks) { limit, leaseMs }: z.output<(typeof claimDueClocks)['request']>) {
    return this.clocks.claim(limit, leaseMs);
  }

  @Answers(settleDueClocks)
  settle(@Input(settleDueClocks) { clocks }: z.output<(typeof settleDueClocks)['request']>) {
    return this.clocks.settle(clocks);
  }
}
