import { Injectable } from '@nestjs/common';
import type { PolicyCandidate } from '#sla/choose-policy.js';
import { policySchema, type SlaPolicy } from '#sla/policy.schema.js';
import type { ResolvedCalendar } from '#sla/shared-calendar.schema.js';
import type { Tx } from '../database/database.js';
import { calendarInForce } from './calendar-in-force.js';
import { SlaClockRepository } from './sla-clock.repository.js';

export type BookedPolicy = PolicyCandidate & { version: number; policy: SlaPolicy; calendar: ResolvedCalendar | null };

/** How long a replica may go on using policies that another one has changed. */
export const FRESH_MS = 2_000;

/** An organisation's enabled policies, read from the database at most every two seconds: each new ticket asks for them. */
@Injectable()
export class PolicyBook {
  private readonly pages = new Map<string, { readAtMs: number; policies: BookedPolicy[] }>();

  constructor(private readonly repository: SlaClockRepository) {}

  async of(tx: Tx, orgId: string): Promise<BookedPolicy[]> {
    const page = this.pages.get(orgId);
    if (page && Date.now() - page.readAtMs < FRESH_MS) return page.policies;
    const policies = (await this.repository.policies(tx)).map((row) => {
      const policy = policySchema.parse(row.policy);
      // Written out here, for the few seconds that this page is used: the clocks themselves know of no country.
      const calendar = row.calendar ? calendarInForce(row.calendar, Date.now()) : policy.calendar;
      return { ...row, policy, calendar, conditions: policy.conditions, createdAt: row.created_at.getTime() };
    });
    if (this.pages.size > 10_000) this.pages.clear();
    this.pages.set(orgId, { readAtMs: Date.now(), policies });
    return policies;
  }

  /** They have changed here; other replicas notice within FRESH_MS. */
  forget(orgId: string): void {
    this.pages.delete(orgId);
  }
}
