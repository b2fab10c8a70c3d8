import type { Feature } from '../feature.js';
import { ApiKeys } from './api-keys.js';
import { FindAgent } from './find-agent.js';
import { FindOrganisation } from './find-organisation.js';
import { OrganisationRepository } from './organisation.repository.js';
import { OrganisationsNats } from './organisations.nats.js';

export const organisations: Feature = {
  controllers: [OrganisationsNats],
  providers: [OrganisationRepository, ApiKeys, FindAgent, FindOrganisation],
};
