import { DateTime } from 'luxon';
import { z } from 'zod';
import { calendarSchema } from './calendar.schema.js';
import { policyFileSchema } from './policy.schema.js';
import { eventSideSchema, type EventSide, type SlaEvent } from './sla-event.schema.js';
import { ticketStatusSchema, type TicketStatus } from './ticket-status.js';

/** An ISO 8601 instant with its offset (or Z) → epoch milliseconds. Without one it could be anybody's nine o'clock. */
const instant = z.string().transform((text, context) => {
  const saysOffset = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(text);
  const parsed = saysOffset ? DateTime.fromISO(text) : null;
  if (!parsed?.isValid) {
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(text)} is not an instant like "2026-11-02T09:00:00+01:00" (with its offset, or Z)`,
    });
    return z.NEVER;
  }
  return parsed.toMillis();
});

const TYPES = [
  'opened',
  'agent_replied',
  'note_added',
  'customer_replied',
  'status_changed',
  'paused',
  'resumed',
  'resolved',
  'reopened',
] as const;

const scenarioEvent = z.strictObject({
  at: instant,
  type: z.enum(TYPES, {
    error: ({ input }) => `${JSON.stringify(input)} is not an event: use one of ${TYPES.join(', ')}`,
  }),
  to: ticketStatusSchema.optional(),
  by: eventSideSchema.optional(),
});

type ScenarioEvent = z.output<typeof scenarioEvent>;

/**
 * The file of `deskwire sla simulate`: a policy as in createPolicy, a calendar, events, `now`.
 * The top-level calendar applies; where it is absent or null, the policy's own; with neither it is 24x7.
 */
export const scenarioSchema = z
  .strictObject({
    policy: policyFileSchema,
    calendar: calendarSchema.nullable().optional(),
    events: z.array(scenarioEvent).max(100_000),
    now: instant,
  })
  .superRefine(({ events, policy, calendar }, context) => {
    if (policy.calendarId && !calendar) {
      const message = 'is looked up by the desk: a scenario says the opening hours itself, in calendar';
      context.addIssue({ code: 'custom', path: ['policy', 'calendarId'], message });
    }
    const refuse = (index: number, key: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['events', index, key], message });
    const openings = events.flatMap(({ type }, index) => (type === 'opened' ? [index] : []));
    if (openings.length === 0) context.addIssue({ code: 'custom', path: ['events'], message: 'need one "opened"' });
    for (const index of openings.slice(1)) refuse(index, 'type', 'a ticket is opened once');
    for (const [index, { type, to, by }] of events.entries()) {
      if (type === 'status_changed' && to === undefined) refuse(index, 'to', 'must say the status changed to');
      const takesStatus = type === 'status_changed' || type === 'reopened' || type === 'opened';
      if (to !== undefined && !takesStatus) refuse(index, 'to', `does not belong to ${type}`);
      if (type === 'reopened' && (to === 'resolved' || to === 'closed')) refuse(index, 'to', 'must be an open status');
      if (type === 'agent_replied' && by === 'contact') refuse(index, 'by', 'must be agent, or system if automatic');
      if (type === 'customer_replied' && by === 'agent') refuse(index, 'by', 'must be contact, or system if automatic');
    }
  })
  .transform(({ policy, calendar, events, now }) => ({
    policy,
    calendar: calendar ?? policy.calendar,
    // Events at one instant apply in the order given: the place in the file is the sequence.
    events: events.map((event, index) => literalEvent(event, index)),
    now,
  }));

export type Scenario = z.output<typeof scenarioSchema>;

/** A file is literal: who did it defaults to whoever usually does, and `opened` may say the status it was created with. */
function literalEvent({ at, type, to, by }: ScenarioEvent, index: number): SlaEvent {
  const stamp = { id: String(index), seq: index, at };
  const side = (usual: EventSide): EventSide => by ?? usual;
  switch (type) {
    case 'opened':
      return { ...stamp, type, by: side('contact'), ...(to ? { status: to } : {}) };
    case 'agent_replied':
      return { ...stamp, type, by: by === 'system' ? 'system' : 'agent' };
    case 'customer_replied':
      return { ...stamp, type, by: by === 'system' ? 'system' : 'contact' };
    case 'status_changed':
      return { ...stamp, type, to: to as TicketStatus, by: side('agent') };
    case 'resolved':
      return { ...stamp, type, by: side('agent') };
    case 'reopened':
      return { ...stamp, type, by: side('agent'), ...(to ? { to } : {}) };
    case 'note_added':
    case 'paused':
    case 'resumed':
      return { ...stamp, type };
  }
}
