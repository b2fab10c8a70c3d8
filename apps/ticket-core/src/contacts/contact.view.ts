import type { ContactView } from '#shared/contracts/contacts.js';

/** A contact as the desk's people read it, with their further addresses. */
export interface KnownContactRow {
  id: string;
  email: string;
  further: string[];
  name: string;
  phone: string | null;
  notes: string;
  company_id: string | null;
  company_name: string | null;
  deleted_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export const addressesOf = ({ email, further }: Pick<KnownContactRow, 'email' | 'further'>): string[] => [
  email,
  ...further,
];

export const contactViewOf = (row: KnownContactRow, tickets?: { open: number; total: number }): ContactView => ({
  id: row.id,
  name: row.name,
  email: row.email,
  emails: addressesOf(row),
  phone: row.phone,
  notes: row.notes,
  companyId: row.company_id,
  company: row.company_id ? { id: row.company_id, name: row.company_name ?? '' } : null,
  ...(tickets && { tickets }),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
