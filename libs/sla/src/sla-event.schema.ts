import { z } from 'zod';
import { calendarSchema } from './calendar.schema.js';
import { slaRulesSchema } from './policy.schema.js';
import { ticketStatusSchema } from './ticket-status.js';

/** `system` is nobody: an automatic acknowledgement, an out-of-office reply, a workflow. */
export const eventSideSchema = z.enum(['agent', 'contact', 'system']);
export type EventSide = z.output<typeof eventSideSchema>;

const stamp = {
  /** Names the event for ever: a second one with the same id is the same event delivered again. */
  id: z.string().min(1),
  /** Order among events of one instant: smaller first (then by id). Any number that grows as events are recorded. */
  seq: z.number(),
  /** Epoch milliseconds: when it happened (a mail: when it arrived), not when it was noticed. */
  at: z.number().int(),
};

/**
 * The ticket's own history, as far as the clocks care. What each does:
 * - `opened` starts first_response and resolution. `status` is the one it was created with. `publicReply` says that
 *   an agent opened it with a first public message to the customer: it is answered at birth. `forThemselves` with
 *   `actorId`: an agent who is the requester; their messages are then a customer's.
 * - `agent_replied`: a public message from the agents' side; by `system` it is automatic and no response.
 * - `customer_replied`: the customer's message; by `system` it is an auto-reply and waits for no answer.
 * - `note_added`: an internal note; moves no clock.
 * - `status_changed`; `resolved` and `reopened` are the same thing by a shorter name.
 * - `withdrawn`: nobody waits for this ticket any more (it became part of another): what runs is cancelled, and nothing
 *   starts again.
 * - `paused` and `resumed` by hand; a manual pause lasts until `resumed`, whatever the status does meanwhile.
 * - `policy_changed`: another policy (or a new version, or none) applies; with its calendar, null is 24x7.
 */
export const slaEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...stamp,
    type: z.literal('opened'),
    by: eventSideSchema,
    status: ticketStatusSchema.optional(),
    publicReply: z.boolean().optional(),
    actorId: z.string().optional(),
    forThemselves: z.boolean().optional(),
  }),
  z.strictObject({
    ...stamp,
    type: z.literal('agent_replied'),
    by: z.enum(['agent', 'system']).optional(),
    actorId: z.string().optional(),
  }),
  z.strictObject({ ...stamp, type: z.literal('customer_replied'), by: z.enum(['contact', 'system']).optional() }),
  z.strictObject({ ...stamp, type: z.literal('note_added') }),
  z.strictObject({ ...stamp, type: z.literal('status_changed'), to: ticketStatusSchema, by: eventSideSchema }),
  z.strictObject({ ...stamp, type: z.literal('resolved'), by: eventSideSchema }),
  z.strictObject({
    ...stamp,
    type: z.literal('reopened'),
    by: eventSideSchema,
    to: ticketStatusSchema.optional(),
  }),
  z.strictObject({ ...stamp, type: z.literal('withdrawn') }),
  z.strictObject({ ...stamp, type: z.literal('paused') }),
  z.strictObject({ ...stamp, type: z.literal('resumed') }),
  z.strictObject({
    ...stamp,
    type: z.literal('policy_changed'),
    policy: slaRulesSchema.nullable(),
    calendar: calendarSchema.nullable(),
  }),
]);

export type SlaEvent = z.output<typeof slaEventSchema>;
