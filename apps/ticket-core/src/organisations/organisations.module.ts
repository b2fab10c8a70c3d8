import type { Feature } from '../feature.js';
import { FindOrganisation } from './find-organisation.js';
import { KeepOrganisation } from './keep-organisation.js';
import { MakeOrganisation } from './make-organisation.js';
import { OrganisationRepository } from './organisation.repository.js';
import { OrganisationHttp } from './organisations.http.js';
import { OrganisationsNats } from './organisations.nats.js';
import { SettingsBook } from './settings-book.js';

export const organisations: Feature = {
  controllers: [OrganisationHttp, OrganisationsNats],
  providers: [OrganisationRepository, FindOrganisation, KeepOrganisation, MakeOrganisation, SettingsBook],
};
