import { z } from 'zod';

/** Something that happened: `name` is `<noun>.<verb>`, its NATS subject `desk.events.<noun>.<verb>.<orgId>`. */
export interface DeskEvent<Payload extends z.ZodType = z.ZodType> {
  name: `${string}.${string}`;
  version: number;
  payload: Payload;
  /** One line for the event catalogue. */
  when: string;
}

export const event = <Payload extends z.ZodType>(shape: DeskEvent<Payload>): DeskEvent<Payload> => shape;

/** What travels: ids, versions and what changed; never a token or a whole body. */
export const eventEnvelope = z.object({
  id: z.string().min(1).max(200),
  name: z.string(),
  version: z.int().positive(),
  orgId: z.uuid(),
  at: z.iso.datetime(),
  payload: z.unknown(),
});
export type EventEnvelope = z.output<typeof eventEnvelope>;

export const EVENT_STREAM = 'DESK_EVENTS';
export const EVENT_SUBJECTS = 'desk.events.>';

export const eventSubject = (name: string, orgId: string): string => `desk.events.${name}.${orgId}`;
