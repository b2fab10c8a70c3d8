import { v5 as uuidv5 } from 'uuid';
import { type CategoryView, DEFAULT_CATEGORIES } from '#shared/contracts/categories.js';
import type { RewordingView } from '#shared/contracts/tags.js';

export interface CategoryRow {
  id: string;
  name: string;
  position: number;
  created_at: Date | null;
  updated_at: Date | null;
}

/** The list of a desk that has changed nothing. Their ids are made of its own, so that they stay when it does. */
export const defaultCategories = (orgId: string): CategoryRow[] =>
  DEFAULT_CATEGORIES.map((name, position) => ({
    id: uuidv5(`category:${name}`, orgId),
    name,
    position,
    created_at: null,
    updated_at: null,
  }));

export const categoryViewOf = (row: CategoryRow, place: number, rewording: RewordingView | null): CategoryView => ({
  id: row.id,
  name: row.name,
  position: place,
  isDefault: place === 0,
  rewording,
  createdAt: row.created_at?.toISOString() ?? null,
  updatedAt: row.updated_at?.toISOString() ?? null,
});
