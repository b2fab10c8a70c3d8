import { z } from 'zod';
import { contract } from './contract.js';
import { rewordingView } from './tags.js';
import { instant } from './values.js';

/** What a desk sorts its tickets by until it changes the list. */
export const DEFAULT_CATEGORIES = ['general', 'bug', 'feature', 'billing', 'account', 'technical'] as const;

export const categoryName = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(100, 'must be at most 100 characters')
      .regex(/^\P{Cc}*$/u, 'must be one line of text'),
  );

export const categoryView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    position: z.int().nonnegative(),
    /** What a ticket gets when nobody says: the first of the list, and what arrives by mail too. */
    isDefault: z.boolean(),
    rewording: rewordingView.nullable(),
    /** Null: one of the desk's own defaults that nobody has touched. */
    createdAt: instant.nullable(),
    updatedAt: instant.nullable(),
  })
  .meta({ id: 'Category' });
export type CategoryView = z.output<typeof categoryView>;

const position = z.int().min(0).max(1_000);

export const createCategoryInput = z
  .strictObject({ name: categoryName, position: position.optional() })
  .meta({ example: { name: 'hardware' } });
export const updateCategoryInput = z
  .strictObject({ name: categoryName.optional(), position: position.optional() })
  .meta({ example: { name: 'defect' } });
/** All of them, in the order wanted. */
export const orderCategoriesInput = z
  .strictObject({ categories: z.array(categoryName).min(1).max(200) })
  .meta({ example: { categories: ['technical', 'billing', 'general', 'bug', 'feature', 'account'] } });
/** The name or id of the category that its tickets get; needed when it has any. */
export const removeCategoryInput = z.strictObject({ replaceBy: categoryName.optional() });

export const categoryList = z.object({ items: z.array(categoryView), nextCursor: z.null() });
export const listCategories = contract('categories.list', { request: z.strictObject({}), reply: categoryList });
