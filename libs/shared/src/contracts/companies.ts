import { z } from 'zod';
import { contract } from './contract.js';
import { instant } from './values.js';

export const companyRef = z.object({ id: z.uuid(), name: z.string() });

/** A mail domain, RFC 1123: labels of letters, digits and hyphens. Said as `example.org`, in whatever case. */
export const mailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/,
    'must be a domain such as customer.example',
  );
const companyName = z.string().trim().min(1).max(200);

export const companyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** Who writes from such an address for the first time is of this company. */
    domains: z.array(z.string()),
    notes: z.string(),
    contactCount: z.int().nonnegative(),
    /** Of all its contacts; only when one company is read. */
    tickets: z.object({ open: z.int().nonnegative(), total: z.int().nonnegative() }).optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Company' });
export type CompanyView = z.output<typeof companyView>;

const fields = {
  name: companyName,
  domains: z.array(mailDomain).max(100),
  notes: z.string().trim().max(20_000),
};
export const createCompanyInput = z
  .strictObject({ name: fields.name, domains: fields.domains.default([]), notes: fields.notes.default('') })
  .meta({ example: { name: 'Globex', domains: ['globex.example'] } });
/** What is absent stays; `domains` replaces all of them. */
export const updateCompanyInput = z
  .strictObject({
    name: fields.name.optional(),
    domains: fields.domains.optional(),
    notes: fields.notes.optional(),
  })
  .meta({ example: { domains: ['globex-power.example', 'globex-labs.example'] } });
export const listCompaniesInput = z.strictObject({
  /** A part of the name or of a domain. */
  q: z.string().trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});
export const companyPage = z.object({ items: z.array(companyView), nextCursor: z.string().nullable() });

const byId = z.strictObject({ id: z.uuid() });
export const listCompanies = contract('companies.list', { request: listCompaniesInput, reply: companyPage });
export const getCompany = contract('companies.get', { request: byId, reply: companyView });
export const createCompany = contract('companies.create', { request: createCompanyInput, reply: companyView });
export const updateCompany = contract('companies.update', {
  request: updateCompanyInput.safeExtend({ id: z.uuid() }),
  reply: companyView,
});
export const deleteCompany = contract('companies.delete', {
  request: byId,
  reply: z.object({ success: z.literal(true) }),
});
