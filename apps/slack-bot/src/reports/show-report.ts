import { Inject, Injectable } from '@nestjs/common';
import { getSlaReport } from '#shared/contracts/sla-reports.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Asked, Told } from '../commands/asked.js';
import { wrongCard } from '../commands/help.cards.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { reportCard } from './report.cards.js';
import { REPORT_TIMES, reportTimeOf } from './report-times.js';

const DAY_MS = 86_400_000;

/** `report`: how the clocks of the last days went, to whoever asked, as far as they may see. */
@Injectable()
export class ShowReport {
  constructor(
    private readonly desk: Desk,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async execute({ person, values }: Asked): Promise<Told> {
    const time = reportTimeOf(values.filters);
    if (time === null) {
      const why = `I can report of ${Object.keys(REPORT_TIMES).join(', ')}.`;
      return wrongCard(this.config.SLACK_COMMAND, why, 'report month');
    }
    if (!person.actor) throw new DeskError('FORBIDDEN', 'Only people of the desk may see reports.');
    const { days, title } = REPORT_TIMES[time];
    const now = Date.now();
    const asked = { from: new Date(now - days * DAY_MS).toISOString(), to: new Date(now).toISOString() };
    const [byWeek, byPriority] = await Promise.all([
      this.desk.as(person.actor, getSlaReport, { ...asked, groupBy: ['week'] }),
      this.desk.as(person.actor, getSlaReport, { ...asked, groupBy: ['priority'] }),
    ]);
    return reportCard({ title, byWeek, byPriority });
  }
}
