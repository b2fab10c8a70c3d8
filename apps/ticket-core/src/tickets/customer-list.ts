import { DeskError } from '#shared/errors/desk-error.js';

/** What a customer's list of their own tickets may be narrowed and sorted by: nothing that tells of what is kept from them. */
const CUSTOMERS_MAY_ASK: ReadonlySet<string> = new Set([
  'status',
  'text',
  'q',
  'contactId',
  'createdFrom',
  'createdTo',
  'limit',
  'cursor',
  'total',
]);
const CUSTOMERS_MAY_SORT: ReadonlySet<string> = new Set([
  'created',
  '-created',
  'updated',
  '-updated',
  'number',
  '-number',
]);

/** FORBIDDEN for a list whose filters or order would answer questions about tags, SLA, assignees, teams or custom fields. */
export function demandCustomersList(input: { sort: string } & Record<string, unknown>): void {
  const asked = Object.keys(input).filter((key) => input[key] !== undefined && key !== 'sort');
  const field =
    asked.find((key) => !CUSTOMERS_MAY_ASK.has(key)) ?? (CUSTOMERS_MAY_SORT.has(input.sort) ? null : 'sort');
  if (field === null) return;
  const message = 'is for people of the organisation';
  throw new DeskError('FORBIDDEN', `${field}: ${message}`, [{ pointer: `/${field}`, message }]);
}
