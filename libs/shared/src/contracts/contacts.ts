import { z } from 'zod';
import { companyRef } from './companies.js';
import { contract } from './contract.js';
import { emailAddress, instant } from './values.js';

/** The most addresses that one contact has. */
export const MAX_ADDRESSES = 20;

export const contactView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** The first address: mail is sent to it. */
    email: z.string(),
    /** All of them, the first one first. */
    emails: z.array(z.string()),
    phone: z.string().nullable(),
    notes: z.string(),
    companyId: z.uuid().nullable(),
    company: companyRef.nullable(),
    /** Only when one contact is read. */
    tickets: z.object({ open: z.int().nonnegative(), total: z.int().nonnegative() }).optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Contact' });
export type ContactView = z.output<typeof contactView>;

const addresses = z
  .array(emailAddress)
  .min(1, 'must hold an address')
  .max(MAX_ADDRESSES, `must be at most ${MAX_ADDRESSES} addresses`);
const name = z.string().trim().max(200);
const phone = z
  .string()
  .trim()
  .max(50)
  .nullable()
  .transform((text) => (text === '' ? null : text));
const notes = z.string().trim().max(20_000);
const company = z.string().trim().min(1).max(200).nullable();

/** `emails` has the first one first; `email` is another way to say which that is. `company` names one, made if it is new. */
export const createContactInput = z
  .strictObject({
    email: emailAddress.optional(),
    emails: addresses.optional(),
    name: name.default(''),
    companyId: z.uuid().nullable().optional(),
    company: company.optional(),
    phone: phone.default(null),
    notes: notes.default(''),
  })
  .refine(({ email, emails }) => email !== undefined || emails !== undefined, {
    path: ['email'],
    error: 'is missing: must be an e-mail address',
  })
  .refine(({ companyId, company: named }) => companyId === undefined || named === undefined, {
    path: ['company'],
    error: 'must not be sent together with companyId',
  })
  .meta({ example: { email: 'casey@customer.example', name: 'Casey Jones', company: 'Customer Ltd' } });

/** What is absent stays. `emails` replaces all addresses; `email` alone makes it the first and keeps the others. */
export const updateContactInput = z
  .strictObject({
    email: emailAddress.optional(),
    emails: addresses.optional(),
    name: name.optional(),
    companyId: z.uuid().nullable().optional(),
    company: company.optional(),
    phone: phone.optional(),
    notes: notes.optional(),
  })
  .refine(({ companyId, company: named }) => companyId === undefined || named === undefined, {
    path: ['company'],
    error: 'must not be sent together with companyId',
  })
  .meta({ example: { emails: ['casey.jones@customer.example', 'casey@office.example'], phone: '+44 20 7946 0018' } });

export const listContactsInput = z.strictObject({
  /** A part of the name, of any address, or of the company’s name. */
  q: z.string().trim().min(1).max(200).optional(),
  companyId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});
export const contactPage = z.object({ items: z.array(contactView), nextCursor: z.string().nullable() });

export const addressInput = z.strictObject({ email: emailAddress }).meta({ example: { email: 'casey@home.example' } });
export const mergeContactInput = z
  .strictObject({ intoId: z.uuid() })
  .meta({ example: { intoId: '0198c0de-0000-7000-8000-000000000001' } });

const byId = z.strictObject({ id: z.uuid() });
const success = z.object({ success: z.literal(true) });
export const listContacts = contract('contacts.list', { request: listContactsInput, reply: contactPage });
export const getContact = contract('contacts.get', { request: byId, reply: contactView });
export const createContact = contract('contacts.create', { request: createContactInput, reply: contactView });
export const updateContact = contract('contacts.update', {
  request: updateContactInput.safeExtend({ id: z.uuid() }),
  reply: contactView,
});
export const deleteContact = contract('contacts.delete', {
  request: byId.extend({ force: z.boolean().default(false) }),
  reply: success,
});
export const mergeContacts = contract('contacts.merge', {
  request: mergeContactInput.safeExtend({ id: z.uuid() }),
  reply: contactView,
});
