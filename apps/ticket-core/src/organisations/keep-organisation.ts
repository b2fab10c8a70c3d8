import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { type OrganisationDetails, type organisationChanges } from '#shared/contracts/organisations.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { Database } from '../database/database.js';
import { OrganisationRepository } from './organisation.repository.js';
import { organisationDetailsOf } from './organisation.view.js';
import { demand } from './people.policy.js';
import { SettingsBook } from './settings-book.js';

/** An organisation as its own people see and change it. */
@Injectable()
export class KeepOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationRepository,
    private readonly settings: SettingsBook,
    private readonly audit: AuditLog,
  ) {}

  read(actor: Actor): Promise<OrganisationDetails> {
    demand(actor, 'read_organisation');
    return this.database.tenant(actor.orgId, async (tx) =>
      organisationDetailsOf((await this.organisations.own(tx)) ?? absent()),
    );
  }

  /** What is absent stays. CONFLICT for a support address that is somebody else's. */
  async update(actor: Actor, wanted: z.output<typeof organisationChanges>): Promise<OrganisationDetails> {
    demand(actor, 'change_organisation');
    if (wanted.supportAddress !== undefined) await this.demandFree(actor.orgId, wanted.supportAddress);
    return this.database.tenant(actor.orgId, async (tx) => {
      const before = organisationDetailsOf((await this.organisations.toChange(tx)) ?? absent());
      const name = wanted.name ?? before.name;
      const settings = { ...before.settings, ...withoutAbsent(wanted.settings ?? {}) };
      await this.organisations.update(tx, { name, settings });
      const moves = wanted.supportAddress !== undefined && wanted.supportAddress !== before.supportAddress;
      if (moves) await this.organisations.putFirst(tx, actor.orgId, wanted.supportAddress!);
      const after = organisationDetailsOf((await this.organisations.own(tx))!);
      const changed = changedFields(flat(before), flat(after));
      if (changed)
        await this.audit.add(tx, actor, {
          action: 'updated',
          subjectType: 'organisation',
          subjectId: actor.orgId,
          subjectName: after.name,
          ...changed,
        });
      tx.afterCommit(() => this.settings.forget(actor.orgId));
      return after;
    });
  }

  /** Nobody takes an address on a domain where another organisation gets its mail; who runs the desk may still add it. */
  private async demandFree(orgId: string, address: string): Promise<void> {
    const taken = await this.organisations.takenBy(orgId, address);
    if (taken === 'nobody') return;
    const message = taken === 'address' ? 'is in use already' : 'its domain belongs to another organisation here';
    throw DeskError.at('CONFLICT', '/supportAddress', message);
  }
}

const flat = ({ name, supportAddress, settings }: OrganisationDetails) => ({ name, supportAddress, ...settings });

const withoutAbsent = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function absent(): never {
  throw new DeskError('NOT_FOUND', 'There is no such organisation');
}
