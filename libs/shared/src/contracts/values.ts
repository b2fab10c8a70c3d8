import { z } from 'zod';

export const STATUSES = ['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const SOURCES = [
  'email',
  'slack',
  'web',
  'portal',
  'api',
  'alert',
  'health_monitor',
  'workflow',
  'user',
] as const;
export type Source = (typeof SOURCES)[number];

const oneOf = (values: readonly string[]) => `must be one of ${values.join(', ')}`;

/** `waiting` is another name of `pending`. */
export const statusInput = z
  .enum([...STATUSES, 'waiting'], { error: oneOf(STATUSES) })
  .transform((status): Status => (status === 'waiting' ? 'pending' : status));

/** `critical` is another name of `urgent`. */
export const priorityInput = z
  .enum([...PRIORITIES, 'critical'], { error: oneOf(PRIORITIES) })
  .transform((priority): Priority => (priority === 'critical' ? 'urgent' : priority));

export const status = z.enum(STATUSES);
export const priority = z.enum(PRIORITIES);
export const source = z.enum(SOURCES, { error: oneOf(SOURCES) });

/** ISO 8601 in UTC, milliseconds. */
export const instant = z.iso.datetime();

/** What ISO 8601 writes with four digits of year, and Postgres reads; “never” of .NET and of SQL is in it. */
export const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
export const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const isWithinYears = (text: string): boolean => Date.parse(text) >= EARLIEST_MS && Date.parse(text) <= LATEST_MS;

/** An instant as somebody gives it, with any offset. */
export const givenInstant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-01-31T12:00:00Z' })
  .refine(isWithinYears, 'must be in the years 1 to 9999');
/** A day as somebody gives it. */
export const givenDay = z.iso
  .date({ error: 'must be a day such as 2026-01-31' })
  .refine(isWithinYears, 'must be in the years 1 to 9999');

/** Either; which instant a day means depends on whose day it is. */
export const givenMoment = z.union([givenDay, givenInstant], {
  error: 'must be a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z',
});

/** RFC 5321 4.5.3.1: 64 octets of local part, 255 of domain, 254 in all once in angle brackets. */
export const emailAddress = z
  .email({ error: 'must be an e-mail address, such as casey@customer.example' })
  .max(254)
  .transform((address) => address.toLowerCase());

export const subjectLine = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(500, 'must be at most 500 characters')
  .refine((text) => !/[\r\n]/.test(text), 'must be one line');

export const markdown = z.string().max(200_000, 'must be at most 200,000 characters');

/** A tag. One line; the same letters are the same tag, however a keyboard composed them (Unicode NFC). */
export const tagName = z
  .string()
  .transform((text) => text.toWellFormed().normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(50, 'must be at most 50 characters')
      .regex(/^\P{Cc}*$/u, 'must be one line of text'),
  );

/** A ticket by its uuid or by its number in the organisation, with or without `#`. */
export const ticketRef = z.union([z.uuid(), z.string().regex(/^#?\d{1,9}$/), z.int().positive()], {
  error: 'must be the ticket’s id or its number, such as 42',
});
export type TicketRef = z.input<typeof ticketRef>;
/** The path of whatever is under a ticket: `/tickets/:ticket/…`. */
export const ticketPath = z.object({ ticket: ticketRef });
