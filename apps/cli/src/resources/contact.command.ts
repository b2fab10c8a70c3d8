import type { Command } from 'commander';
import { confirm, YES_OPTION } from '../desk/confirm.js';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { orNone } from '../desk/fields.js';
import { named } from '../desk/who-is-meant.js';

interface Contact {
  id: string;
  email: string;
  emails: string[];
  name: string;
}

const contactNamed = (desk: Desk, text: string): Promise<Contact> =>
  named<Contact>(desk.api, '/contacts', text, 'contact', ({ email, name }) => [email, name]);

/** The name of a company in fields and filters becomes its id. */
export async function withCompany(desk: Desk, fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { companyId } = fields;
  if (typeof companyId !== 'string') return fields;
  if (orNone(companyId) === null) return { ...fields, companyId: null };
  const company = await named<{ id: string; name: string }>(desk.api, '/companies', companyId, 'company', (one) => [
    one.name,
  ]);
  return { ...fields, companyId: company.id };
}

/** `deskwire contact add-address|remove-address|merge`: several addresses, one person. */
export function addContactCommands(contact: Command): void {
  const add = deskCommand(contact, 'add-address', 'somebody writes from there, too', async (desk, [who, ...emails]) => {
    const { id } = await contactNamed(desk, who!);
    let now: Contact | undefined;
    for (const email of emails) now = await desk.api.post<Contact>(`/contacts/${id}/addresses`, { email });
    await desk.out.one(now, () => `They write from ${now!.emails.join(', ')}.`);
  });
  withCommonOptions(add.argument('<name>', 'id, address or name').argument('<address...>', 'further addresses'));

  const remove = deskCommand(contact, 'remove-address', 'and now no more', async (desk, [who, ...emails]) => {
    const { id } = await contactNamed(desk, who!);
    let now: Contact | undefined;
    for (const email of emails)
      now = await desk.api.delete<Contact>(`/contacts/${id}/addresses/${encodeURIComponent(email)}`);
    await desk.out.one(now, () => `They write from ${now!.emails.join(', ')}.`);
  });
  withCommonOptions(remove.argument('<name>', 'id, address or name').argument('<address...>', 'which of theirs'));

  const merge = deskCommand<{ into: string; yes?: boolean }>(
    contact,
    'merge',
    'two contacts are one person (managers)',
    async (desk, [who], { into, yes }) => {
      const [from, to] = [await contactNamed(desk, who!), await contactNamed(desk, into)];
      await confirm(`${from.email} becomes part of ${to.email}? There is no way back.`, yes);
      const answer = await desk.api.post(`/contacts/${from.id}/merge`, { intoId: to.id });
      await desk.out.one(answer, () => `${from.email} is part of ${to.email} now, with all tickets.`);
    },
  );
  merge
    .argument('<name>', 'id, address or name')
    .requiredOption('--into <name>', 'who stays')
    .option(...YES_OPTION);
  withCommonOptions(merge);
}
