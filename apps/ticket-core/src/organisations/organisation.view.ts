import { type OrganisationDetails, organisationSettings } from '#shared/contracts/organisations.js';
import type { OrganisationRow } from './organisation.repository.js';

/** An organisation as its own people see it. */
export const organisationDetailsOf = (row: OrganisationRow): OrganisationDetails => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  supportAddress: row.support_address,
  settings: organisationSettings.parse(row.settings),
  createdAt: row.created_at.toISOString(),
});
