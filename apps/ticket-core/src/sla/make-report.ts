import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { slaReportInput, SlaReportView } from '#shared/contracts/sla-reports.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { atLeisure } from '../database/at-leisure.js';
import { Database } from '../database/database.js';
import { spanBetween } from '../organisations/moment.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { onlyTeamsOf } from './only-teams.js';
import { ReportRepository } from './report.repository.js';
import { reportRowsOf } from './sla-report.view.js';
import { demand } from './sla.policy.js';

const MAX_DAYS = 732;
/** More is a table that nobody reads: fewer groups, or a shorter time. */
const MAX_ROWS = 5_000;

/** How the clocks of tickets opened in a time went, by week, policy, priority, team and agent. Reads the stored clocks. */
@Injectable()
export class MakeReport {
  constructor(
    private readonly database: Database,
    private readonly reports: ReportRepository,
    private readonly settings: SettingsBook,
  ) {}

  execute(actor: Actor, input: z.output<typeof slaReportInput>): Promise<SlaReportView> {
    demand(actor, 'read_reports');
    const { groupBy } = input;
    const by = {
      week: groupBy.includes('week'),
      policy: groupBy.includes('policy'),
      priority: groupBy.includes('priority'),
      team: groupBy.includes('team'),
      agent: groupBy.includes('agent'),
    };
    return this.database.tenant(actor.orgId, async (tx) => {
      const timezone = input.timezone ?? (await this.settings.of(tx, actor.orgId)).timezone;
      const times = { ...spanBetween(input, timezone, MAX_DAYS), now: new Date() };
      // Three targets a group, and the lines over all.
      const query = { ...times, timezone, by, onlyTeams: onlyTeamsOf(actor), limit: 3 * MAX_ROWS + 4 };
      await atLeisure(tx);
      const tickets = await this.reports.tickets(tx, query);
      if (tickets.length > MAX_ROWS + 1) {
        throw new DeskError('UNPROCESSABLE', `More than ${MAX_ROWS} groups: group by fewer, or choose a shorter time`);
      }
      const { total, rows } = reportRowsOf(groupBy, tickets, await this.reports.targets(tx, query));
      return { from: times.from.toISOString(), to: times.to.toISOString(), timezone, groupBy, total, rows };
    });
  }
}
