import { z } from 'zod';
import { fieldNamed, type ConditionField } from './ticket-facts.js';

export const CONDITION_OPERATORS = ['equals', 'not_equals', 'contains', 'in', 'is_empty'] as const;
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

export type ConditionScalar = string | number | boolean;

/** A parsed condition: the field by the name that was said (`fieldNamed` reads it), the value in the field's canonical form. */
export type Condition = {
  field: string;
  operator: ConditionOperator;
  value: ConditionScalar | ConditionScalar[];
};

const MAX_VALUES = 200;

const rawCondition = z.strictObject({
  field: z.string({ error: 'must be the name of a ticket field' }),
  operator: z.enum(CONDITION_OPERATORS, {
    error: ({ input }) => `${JSON.stringify(input)} is not an operator: use one of ${CONDITION_OPERATORS.join(', ')}`,
  }),
  value: z.unknown().optional(),
});

/**
 * `{ field, operator, value }` as in the policies' document; used by SLA policies and workflows alike.
 * An unknown field, an operator that the field cannot have, or a value of the wrong type is an issue at that key.
 */
export const conditionSchema = rawCondition.transform((raw, context): Condition => {
  const refuse = (key: 'field' | 'operator' | 'value', message: string) => {
    context.addIssue({ code: 'custom', path: [key], message });
    return z.NEVER;
  };
  const field = fieldNamed(raw.field);
  if (!field) return refuse('field', `${JSON.stringify(raw.field)} is not a field that conditions can name`);
  const { operator } = raw;
  const allowed = operatorsOf(field);
  if (!allowed.includes(operator)) {
    return refuse('operator', `${operator} does not fit the field ${field.name}: use one of ${allowed.join(', ')}`);
  }
  if (operator === 'is_empty') {
    // `is_empty` without a value asks what it says.
    const value = raw.value === undefined ? true : raw.value;
    if (typeof value !== 'boolean') return refuse('value', 'must be true or false for is_empty');
    return { field: raw.field, operator, value };
  }
  if (operator === 'in') {
    if (!Array.isArray(raw.value) || raw.value.length === 0 || raw.value.length > MAX_VALUES) {
      return refuse('value', `must be a list of 1 to ${MAX_VALUES} values for in`);
    }
    const values: ConditionScalar[] = [];
    for (const item of raw.value as unknown[]) {
      const read = readScalar(field, item);
      if ('error' in read) return refuse('value', read.error);
      values.push(read.value);
    }
    return { field: raw.field, operator, value: values };
  }
  const read = readScalar(field, raw.value);
  if ('error' in read) return refuse('value', read.error);
  return { field: raw.field, operator, value: read.value };
});

/** All must hold; none is a policy for every ticket. */
export const conditionsSchema = z.array(conditionSchema).max(50);

function operatorsOf(field: ConditionField): readonly ConditionOperator[] {
  if (field.kind === 'list') return ['contains', 'in', 'is_empty'];
  if (field.kind === 'text' || field.kind === 'custom') return CONDITION_OPERATORS;
  return ['equals', 'not_equals', 'in', 'is_empty'];
}

function readScalar(field: ConditionField, value: unknown): { value: ConditionScalar } | { error: string } {
  if (field.kind === 'custom' && (typeof value === 'number' || typeof value === 'boolean')) return { value };
  if (typeof value !== 'string' || value === '') {
    const wanted = field.kind === 'custom' ? 'text, a number or true/false' : 'text';
    return { error: `must be ${wanted} for the field ${field.name}, not ${describe(value)}` };
  }
  const canonical = field.kind === 'choice' ? (field.aliases[value] ?? value) : value;
  if (field.kind === 'choice' && !field.choices.includes(canonical)) {
    return { error: `${JSON.stringify(value)} is not a ${field.name}: use one of ${field.choices.join(', ')}` };
  }
  return { value: canonical };
}

function describe(value: unknown): string {
  if (value === '') return 'an empty text (use is_empty)';
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
}
