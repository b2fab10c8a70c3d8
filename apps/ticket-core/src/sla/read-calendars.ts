import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { openHoursInput, SlaCalendarView } from '#shared/contracts/sla-calendars.js';
import { resolveCalendar, sharedCalendarSchema } from '#sla/shared-calendar.schema.js';
import { Database } from '../database/database.js';
import { spanBetween } from '../organisations/moment.js';
import { CalendarRepository } from './calendar.repository.js';
import { calendarViewOf, openHoursOf } from './calendar.view.js';
import { noCalendar } from './change-calendars.js';
import { publicHolidays } from './public-holidays.js';
import { demand } from './sla.policy.js';

const MAX_PREVIEW_DAYS = 366;

@Injectable()
export class ReadCalendars {
  constructor(
    private readonly database: Database,
    private readonly calendars: CalendarRepository,
  ) {}

  /** By name, each with the policies that use it and how far their open tickets have followed its last change. */
  list(actor: Actor): Promise<SlaCalendarView[]> {
    demand(actor, 'read_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const policies = await this.calendars.policiesOf(tx, null);
      return (await this.calendars.all(tx)).map((row) => calendarViewOf(row, policies));
    });
  }

  one(actor: Actor, id: string): Promise<SlaCalendarView> {
    demand(actor, 'read_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.calendars.find(tx, id)) ?? noCalendar();
      return calendarViewOf(row, await this.calendars.policiesOf(tx, id));
    });
  }

  /** When the desk would be open. Whatever years are asked for, their public holidays are looked up. */
  async openHours(actor: Actor, id: string, given: z.output<typeof openHoursInput>) {
    demand(actor, 'read_policies');
    const row = await this.database.tenant(actor.orgId, (tx) => this.calendars.find(tx, id));
    const shared = sharedCalendarSchema.parse((row ?? noCalendar()).calendar);
    const { from, to } = spanBetween(given, shared.timezone, MAX_PREVIEW_DAYS);
    const [fromMs, toMs] = [from.getTime(), to.getTime()];
    // A day of grace on both sides: the zone's New Year is not that of UTC.
    const [first, last] = [fromMs - 86_400_000, toMs + 86_400_000].map((ms) => new Date(ms).getUTCFullYear());
    const years = Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
    return openHoursOf(resolveCalendar(shared, years, publicHolidays), fromMs, toMs);
  }
}
