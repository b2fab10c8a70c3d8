import { z } from 'zod';
import { contract } from './contract.js';
import { vocabularyPage } from './tags.js';
import { openedTicketView, openFromTemplateInput, templateFields } from './tickets.js';
import { instant } from './values.js';

const name = z.string().trim().min(1).max(100);
const description = z.string().trim().max(2_000);

export const templateView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    teamId: z.uuid().nullable(),
    fields: z.record(z.string(), z.unknown()),
    usageCount: z.int().nonnegative(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Template' });
export type TemplateView = z.output<typeof templateView>;

export const createTemplateInput = z
  .strictObject({
    name,
    description: description.default(''),
    teamId: z.uuid().nullable().default(null),
    fields: templateFields,
  })
  .meta({
    example: {
      name: 'New Employee Setup',
      description: 'Accounts, laptop and badge for somebody who begins.',
      fields: {
        subject: 'New employee: set up accounts and laptop',
        description: '- [ ] Accounts\n- [ ] Laptop\n- [ ] Badge',
        category: 'account',
        tags: ['onboarding'],
      },
    },
  });
/** `fields` replaces all of them. */
export const updateTemplateInput = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    teamId: z.uuid().nullable().optional(),
    fields: templateFields.optional(),
  })
  .meta({ example: { fields: { subject: 'New employee', priority: 'high' } } });

export const listTemplatesInput = z.strictObject({ ...vocabularyPage, teamId: z.uuid().optional() });
export const templatePage = z.object({ items: z.array(templateView), nextCursor: z.string().nullable() });
export const listTemplates = contract('templates.list', { request: listTemplatesInput, reply: templatePage });

export const openTemplate = contract('templates.open', {
  request: z.strictObject({ template: z.uuid(), fields: openFromTemplateInput.prefault({}) }),
  reply: openedTicketView,
});
