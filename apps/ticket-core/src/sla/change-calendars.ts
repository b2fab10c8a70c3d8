import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { badRequestFrom, DeskError } from '#shared/errors/desk-error.js';
import { calendarSchema } from '#sla/calendar.schema.js';
import { type SharedCalendar, type sharedCalendarChanges, sharedCalendarSchema } from '#sla/shared-calendar.schema.js';
import { AuditLog } from '../audit/audit-log.js';
import { Database, type Tx } from '../database/database.js';
import { calendarInForce } from './calendar-in-force.js';
import { type CalendarPolicyRow, CalendarRepository, type CalendarRow } from './calendar.repository.js';
import { ChangePolicies } from './change-policies.js';
import { policyDifference } from './policy.view.js';
import { unknownRegion } from './public-holidays.js';
import { demand } from './sla.policy.js';

export type CalendarWithPolicies = CalendarRow & { policies: CalendarPolicyRow[] };

/** Makes, changes and deletes shared calendars. What changes open hours is a new version of each policy that uses them. */
@Injectable()
export class ChangeCalendars {
  constructor(
    private readonly database: Database,
    private readonly calendars: CalendarRepository,
    private readonly policies: ChangePolicies,
    private readonly audit: AuditLog,
  ) {}

  create(actor: Actor, calendar: SharedCalendar): Promise<CalendarWithPolicies> {
    demand(actor, 'change_calendars');
    const nowMs = Date.now();
    checkHours(calendar, nowMs);
    return this.database.tenant(actor.orgId, async (tx) => {
      await this.refuseSameName(tx, calendar.name, null);
      const row = await this.calendars.add(tx, actor.orgId, uuidv7(), calendar, new Date(nowMs));
      await this.note(tx, actor, 'created', row.id, calendar.name, null, calendar);
      return { ...row, policies: [] };
    });
  }

  /** What is absent stays. Open tickets of its policies follow in the background, unless it only got another name. */
  update(actor: Actor, id: string, changes: z.output<typeof sharedCalendarChanges>): Promise<CalendarWithPolicies> {
    demand(actor, 'change_calendars');
    const nowMs = Date.now();
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.calendars.toChange(tx, id)) ?? noCalendar();
      const before = sharedCalendarSchema.parse(row.calendar);
      // Another country has other regions.
      const moved = changes.country !== undefined && changes.country !== before.country;
      const read = sharedCalendarSchema.safeParse({ ...before, ...(moved && { region: null }), ...changes });
      if (!read.success) throw badRequestFrom(read.error.issues);
      const after = read.data;
      const difference = policyDifference(before, after);
      if (difference.length === 0) return { ...row, policies: await this.calendars.policiesOf(tx, id) };
      checkHours(after, nowMs);
      if (after.name.toLowerCase() !== before.name.toLowerCase()) await this.refuseSameName(tx, after.name, id);
      const next = await this.calendars.change(tx, id, after, new Date(nowMs));
      const changed = difference.map(({ field }) => field);
      const of = (calendar: SharedCalendar) =>
        Object.fromEntries(changed.map((field) => [field, calendar[field as keyof SharedCalendar]]));
      await this.note(tx, actor, 'updated', id, after.name, of(before), of(after));
      if (changed.some((field) => field !== 'name')) {
        for (const policy of await this.calendars.policiesOf(tx, id)) {
          const versions = {
            from: { name: before.name, version: row.version },
            to: { name: after.name, version: next.version },
          };
          await this.policies.followCalendar(tx, actor, policy.id, versions);
        }
      }
      return { ...next, policies: await this.calendars.policiesOf(tx, id) };
    });
  }

  /** CONFLICT while policies use it. Tickets that had it keep it as it was. */
  remove(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'change_calendars');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.calendars.toChange(tx, id)) ?? noCalendar();
      const users = await this.calendars.policiesOf(tx, id);
      if (users.length > 0) {
        const names = users.map(({ name }) => `“${name}”`).join(', ');
        const which = users.length === 1 ? `the policy ${names} uses` : `the policies ${names} use`;
        throw new DeskError('CONFLICT', `The calendar cannot be deleted: ${which} it`);
      }
      const calendar = sharedCalendarSchema.parse(row.calendar);
      await this.calendars.remove(tx, id, new Date());
      await this.note(tx, actor, 'deleted', id, calendar.name, calendar, null);
      return { success: true };
    });
  }

  private async refuseSameName(tx: Tx, name: string, but: string | null): Promise<void> {
    const other = await this.calendars.idNamed(tx, name);
    if (other === null || other === but) return;
    const why = 'another calendar has this name';
    throw new DeskError('CONFLICT', `name: ${why}`, [{ pointer: '/name', message: why }]);
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: 'created' | 'updated' | 'deleted',
    subjectId: string,
    subjectName: string,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, { action, subjectType: 'sla_calendar', subjectId, subjectName, from, to });
  }
}

export function noCalendar(): never {
  throw new DeskError('NOT_FOUND', 'There is no such calendar');
}

/** BAD_REQUEST for a country or region that nobody knows, and when there is a year without open hours. */
function checkHours(calendar: SharedCalendar, nowMs: number): void {
  const unknown = calendar.country && unknownRegion(calendar.country, calendar.region);
  if (unknown) throw badRequestFrom([{ path: [unknown.field], message: unknown.why }]);
  const { publicHolidays: _from, ...hours } = calendarInForce(calendar, nowMs);
  const read = calendarSchema.safeParse(hours);
  if (!read.success) throw badRequestFrom(read.error.issues);
}
