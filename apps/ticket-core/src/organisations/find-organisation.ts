import { Injectable } from '@nestjs/common';
import type { OrganisationView } from '#shared/contracts/organisations.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { OrganisationRepository } from './organisation.repository.js';

@Injectable()
export class FindOrganisation {
  constructor(private readonly organisations: OrganisationRepository) {}

  async execute(slug: string): Promise<OrganisationView> {
    const organisation = await this.organisations.bySlug(slug);
    if (!organisation) throw new DeskError('NOT_FOUND', `There is no organisation ${slug}`);
    return organisation;
  }
}
