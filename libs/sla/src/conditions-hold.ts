import type { Condition, ConditionScalar } from './condition.schema.js';
import { fieldNamed, type TicketFacts } from './ticket-facts.js';

/** Whether every condition holds; no conditions hold for every ticket. */
export function conditionsHold(conditions: readonly Condition[], facts: TicketFacts): boolean {
  return conditions.every((condition) => conditionHolds(condition, facts));
}

/**
 * Empty is null, absent, '' or a list without items. An empty field equals nothing, so `not_equals` holds for it.
 * Letters' case does not matter where people type freely (tags, addresses, domains, names, subject); elsewhere it does.
 * `in` on a list asks for any of the values; `contains` on text is a search in it.
 * Throws when a condition names an unknown field: it was not parsed by `conditionSchema`.
 */
export function conditionHolds({ field: name, operator, value }: Condition, facts: TicketFacts): boolean {
  const field = fieldNamed(name);
  if (!field) throw new Error(`unknown condition field ${JSON.stringify(name)}`);
  const actual = field.read(facts);
  const fold = (item: unknown): unknown => (field.ignoreCase && typeof item === 'string' ? item.toLowerCase() : item);
  const wanted: unknown[] = (Array.isArray(value) ? value : [value]).map((item: ConditionScalar) => fold(item));
  const held: unknown[] = (Array.isArray(actual) ? actual : isEmpty(actual) ? [] : [actual]).map((item) => fold(item));
  switch (operator) {
    case 'is_empty':
      return isEmpty(actual) === value;
    case 'equals':
      return !Array.isArray(actual) && held[0] === wanted[0] && held.length === 1;
    case 'not_equals':
      return Array.isArray(actual) || held[0] !== wanted[0] || held.length === 0;
    case 'in':
      return held.some((item) => wanted.includes(item));
    case 'contains': {
      if (Array.isArray(actual)) return held.includes(wanted[0]);
      // A custom field may hold a number where the policy says text: that is no match, not an error.
      return typeof held[0] === 'string' && typeof wanted[0] === 'string' && held[0].includes(wanted[0]);
    }
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
