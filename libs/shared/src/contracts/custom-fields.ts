import { z } from 'zod';
import { contract } from './contract.js';
import { instant } from './values.js';

export const FIELD_TYPES = ['text', 'number', 'boolean', 'date', 'select', 'multi_select', 'url'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

const key = z
  .string()
  .regex(
    /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/,
    'must be letters, digits and _, beginning with a letter, such as floor or asset_tag',
  )
  // Nest takes them out of whatever comes in: no ticket could have such a field.
  .refine((name) => name !== 'constructor' && name !== 'prototype', 'must not be a word of JavaScript’s own');
const label = z.string().trim().min(1).max(100);
const options = z
  .array(z.string().trim().min(1).max(100))
  .max(200)
  .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, 'must not name an option twice');
const position = z.int().min(0).max(1_000);

export const customFieldView = z
  .object({
    id: z.uuid(),
    key: z.string(),
    label: z.string(),
    type: z.enum(FIELD_TYPES),
    options: z.array(z.string()),
    required: z.boolean(),
    position: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'CustomField' });
export type CustomFieldView = z.output<typeof customFieldView>;

export const createCustomFieldInput = z
  .strictObject({
    key,
    label: label.optional(),
    type: z.enum(FIELD_TYPES),
    options: options.default([]),
    required: z.boolean().default(false),
    position: position.optional(),
  })
  .superRefine(({ type, options: list }, context) => {
    const chooses = type === 'select' || type === 'multi_select';
    if (chooses && list.length === 0)
      context.addIssue({ code: 'custom', path: ['options'], message: `must name what a ${type} may be` });
    if (!chooses && list.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['options'],
        message: `is only for select and multi_select, not ${type}`,
      });
  })
  .meta({
    example: { key: 'plan', label: 'Plan', type: 'select', options: ['free', 'pro', 'enterprise'], required: false },
  });

/** Neither key nor type: tickets have values under the one, of the other. */
export const updateCustomFieldInput = z
  .strictObject({
    label: label.optional(),
    options: options.min(1).optional(),
    required: z.boolean().optional(),
    position: position.optional(),
  })
  .meta({ example: { label: 'Contract plan', options: ['free', 'pro', 'enterprise', 'partner'] } });

export const customFieldList = z.object({ items: z.array(customFieldView), nextCursor: z.null() });
export const listCustomFields = contract('custom-fields.list', { request: z.strictObject({}), reply: customFieldList });
