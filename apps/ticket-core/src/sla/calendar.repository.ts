import { Injectable } from '@nestjs/common';
import type { SharedCalendar } from '#sla/shared-calendar.schema.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface CalendarRow {
  id: string;
  version: number;
  calendar: unknown;
  created_at: Date;
  updated_at: Date;
}

/** A policy that refers to a calendar, and how far its open tickets have followed the latest change. */
export interface CalendarPolicyRow {
  calendar_id: string;
  id: string;
  name: string;
  version: number;
  reckoning: {
    looked_at: number;
    changed: number;
    started_at: string | null;
    finished_at: string | null;
    replaced: boolean;
  } | null;
}

const COLUMNS = 'id, version, calendar, created_at, updated_at';
const ALL = statement(
  'sla-calendars.all',
  `SELECT ${COLUMNS} FROM sla_calendars WHERE org_id = (SELECT current_org()) AND deleted_at IS NULL
   ORDER BY lower(calendar ->> 'name'), id`,
);
const FIND = statement(
  'sla-calendars.find',
  `SELECT ${COLUMNS} FROM sla_calendars WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL`,
);
const LOCK = statement('sla-calendars.lock', `${FIND.text} FOR UPDATE`);
/** For a policy that refers to it: until that commits nobody deletes it. */
const HOLD = statement('sla-calendars.hold', `${FIND.text} FOR SHARE`);
const NAMED = statement(
  'sla-calendars.named',
  `SELECT id FROM sla_calendars
   WHERE org_id = (SELECT current_org()) AND lower(calendar ->> 'name') = lower($1) AND deleted_at IS NULL`,
);
const ADD = statement(
  'sla-calendars.add',
  `INSERT INTO sla_calendars (org_id, id, calendar, created_at, updated_at) VALUES ($1, $2, $3::jsonb, $4, $4)
   RETURNING ${COLUMNS}`,
);
const CHANGE = statement(
  'sla-calendars.change',
  `UPDATE sla_calendars SET version = version + 1, calendar = $2::jsonb, updated_at = $3
   WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING ${COLUMNS}`,
);
const REMOVE = statement(
  'sla-calendars.remove',
  `UPDATE sla_calendars SET deleted_at = $2, updated_at = $2 WHERE org_id = (SELECT current_org()) AND id = $1`,
);
/** An organisation has a handful of policies: they are read, not looked up. */
const POLICIES = statement(
  'sla-calendars.policies',
  `SELECT p.policy ->> 'calendarId' AS calendar_id, p.id, p.policy ->> 'name' AS name, p.version,
     CASE WHEN r.version IS NOT NULL THEN jsonb_build_object('looked_at', r.looked_at, 'changed', r.changed,
       'started_at', r.started_at, 'finished_at', r.finished_at, 'replaced', r.replaced) END AS reckoning
   FROM sla_policies p
   LEFT JOIN sla_reckonings r ON r.org_id = p.org_id AND r.policy_id = p.id AND r.version = p.version
   WHERE p.org_id = (SELECT current_org()) AND p.deleted_at IS NULL AND p.policy ->> 'calendarId' IS NOT NULL
     AND ($1::text IS NULL OR p.policy ->> 'calendarId' = $1)
   ORDER BY p.priority DESC, p.created_at, p.id`,
);

@Injectable()
export class CalendarRepository {
  all(tx: Tx): Promise<CalendarRow[]> {
    return tx.query<CalendarRow>(ALL);
  }

  async find(tx: Tx, id: string): Promise<CalendarRow | null> {
    return (await tx.query<CalendarRow>(FIND, [id]))[0] ?? null;
  }

  /** Locked until the commit. */
  async toChange(tx: Tx, id: string): Promise<CalendarRow | null> {
    return (await tx.query<CalendarRow>(LOCK, [id]))[0] ?? null;
  }

  async hold(tx: Tx, id: string): Promise<CalendarRow | null> {
    return (await tx.query<CalendarRow>(HOLD, [id]))[0] ?? null;
  }

  async idNamed(tx: Tx, name: string): Promise<string | null> {
    return (await tx.query<{ id: string }>(NAMED, [name]))[0]?.id ?? null;
  }

  async add(tx: Tx, orgId: string, id: string, calendar: SharedCalendar, at: Date): Promise<CalendarRow> {
    return (await tx.query<CalendarRow>(ADD, [orgId, id, jsonb(calendar), at]))[0]!;
  }

  async change(tx: Tx, id: string, calendar: SharedCalendar, at: Date): Promise<CalendarRow> {
    return (await tx.query<CalendarRow>(CHANGE, [id, jsonb(calendar), at]))[0]!;
  }

  async remove(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(REMOVE, [id, at]);
  }

  /** Policies that refer to this calendar, or (null) to any. */
  policiesOf(tx: Tx, id: string | null): Promise<CalendarPolicyRow[]> {
    return tx.query<CalendarPolicyRow>(POLICIES, [id]);
  }
}
