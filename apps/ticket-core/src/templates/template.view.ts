import type { TemplateView } from '#shared/contracts/templates.js';

export interface TemplateRow {
  id: string;
  name: string;
  description: string;
  team_id: string | null;
  fields: Record<string, unknown>;
  usage_count: number;
  created_at: Date;
  updated_at: Date;
}

export const templateViewOf = (row: TemplateRow): TemplateView => ({
  id: row.id,
  name: row.name,
  description: row.description,
  teamId: row.team_id,
  fields: row.fields,
  usageCount: row.usage_count,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
