import type { CustomFieldView, FieldType } from '#shared/contracts/custom-fields.js';

export interface CustomFieldRow {
  id: string;
  key: string;
  label: string;
  type: FieldType;
  options: string[];
  required: boolean;
  position: number;
  created_at: Date;
  updated_at: Date;
}

export const customFieldViewOf = (row: CustomFieldRow): CustomFieldView => ({
  id: row.id,
  key: row.key,
  label: row.label,
  type: row.type,
  options: row.options,
  required: row.required,
  position: row.position,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
