import { policySchema, type SlaPolicy } from './policy.schema.js';
import type { TicketPriority } from './ticket-facts.js';

const HOUR = 60;

/**
 * What a new organisation starts with: one policy a ticket priority, round the clock (`critical` is `urgent`).
 * They stand below 0, so that any policy that a manager adds (0 unless said otherwise) comes before them.
 */
export const SEEDED_POLICIES: readonly SlaPolicy[] = [
  seed('urgent', -10, 30, 4 * HOUR),
  seed('high', -20, 2 * HOUR, 8 * HOUR),
  seed('medium', -30, 8 * HOUR, 48 * HOUR),
  seed('low', -40, 24 * HOUR, 7 * 24 * HOUR),
];

function seed(
  ticketPriority: TicketPriority,
  priority: number,
  firstResponseMinutes: number,
  resolutionMinutes: number,
): SlaPolicy {
  return policySchema.parse({
    name: `${ticketPriority[0]!.toUpperCase()}${ticketPriority.slice(1)} priority`,
    conditions: [{ field: 'priority', operator: 'equals', value: ticketPriority }],
    priority,
    firstResponseMinutes,
    resolutionMinutes,
    firstResponseBy: 'public_reply_or_status_change',
  });
}
