import { Injectable } from '@nestjs/common';
import { type OrganisationSettings, organisationSettings } from '#shared/contracts/organisations.js';
import type { Tx } from '../database/database.js';
import { OrganisationRepository } from './organisation.repository.js';

/** How long a replica may go on with settings that another one has changed. */
const FRESH_MS = 5_000;
const MAX_KNOWN = 10_000;

/** An organisation's settings, whole: what it never set has its default. Read at most every five seconds. */
@Injectable()
export class SettingsBook {
  private readonly pages = new Map<string, { readAtMs: number; settings: OrganisationSettings }>();

  constructor(private readonly organisations: OrganisationRepository) {}

  async of(tx: Tx, orgId: string): Promise<OrganisationSettings> {
    const page = this.pages.get(orgId);
    if (page && Date.now() - page.readAtMs < FRESH_MS) return page.settings;
    const settings = organisationSettings.parse(await this.organisations.settings(tx));
    if (this.pages.size >= MAX_KNOWN) this.pages.clear();
    this.pages.set(orgId, { readAtMs: Date.now(), settings });
    return settings;
  }

  /** They have changed here; other replicas notice within FRESH_MS. */
  forget(orgId: string): void {
    this.pages.delete(orgId);
  }
}
