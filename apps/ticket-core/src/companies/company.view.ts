import type { CompanyView } from '#shared/contracts/companies.js';

/** A company as the repository reads it. */
export interface CompanyRow {
  id: string;
  name: string;
  notes: string;
  domains: string[];
  contact_count: number;
  created_at: Date;
  updated_at: Date;
}

export const companyViewOf = (row: CompanyRow, tickets?: { open: number; total: number }): CompanyView => ({
  id: row.id,
  name: row.name,
  domains: row.domains,
  notes: row.notes,
  contactCount: row.contact_count,
  ...(tickets && { tickets }),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
