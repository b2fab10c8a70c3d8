import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import { handleOf } from '#shared/contracts/agents.js';
import { type createOrganisation, type listOrganisations } from '#shared/contracts/organisations.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { SEEDED_POLICIES } from '#sla/seeded-policies.js';
import { KeepAgents } from '../agents/keep-agents.js';
import { KeepApiKeys } from '../api-keys/keep-api-keys.js';
import { AuditLog } from '../audit/audit-log.js';
import { Database } from '../database/database.js';
import { OrganisationRepository } from './organisation.repository.js';
import { organisationDetailsOf } from './organisation.view.js';

/** What who runs the desk does with organisations. The bus says who that is; no key of an organisation opens this. */
@Injectable()
export class MakeOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationRepository,
    private readonly agents: KeepAgents,
    private readonly keys: KeepApiKeys,
    private readonly audit: AuditLog,
  ) {}

  /** Whole or not at all: counter, mailbox, policies, administrator and key. CONFLICT for a slug or an address that is taken. */
  async execute(
    input: z.output<(typeof createOrganisation)['request']>,
  ): Promise<z.output<(typeof createOrganisation)['reply']>> {
    const { slug, name, supportAddress, adminEmail, adminName, timezone } = input;
    return this.database.across(async (tx) => {
      const id = uuidv7();
      const settings = timezone === undefined ? {} : { timezone };
      if (!(await this.organisations.make(tx, { id, slug, name, settings })))
        throw taken('/slug', `there is an organisation ${slug} already`);
      if (!(await this.organisations.makeMailbox(tx, id, supportAddress)))
        throw taken('/supportAddress', `${supportAddress} is another organisation’s`);
      const policies = SEEDED_POLICIES.map((policy) => ({ id: uuidv7(), policy, priority: policy.priority }));
      await this.organisations.makePolicies(tx, id, policies);
      const admin = await this.agents.addFirst(tx, id, { email: adminEmail, name: adminName ?? handleOf(adminEmail) });
      const apiKey = await this.keys.addFirst(tx, { id, slug }, admin.id);
      const actor: Actor = { ...systemActor(id), surface: 'cli' };
      await this.audit.add(tx, actor, {
        action: 'created',
        subjectType: 'organisation',
        subjectId: id,
        subjectName: name,
        to: { slug, supportAddress, admin: adminEmail },
      });
      return { organisation: organisationDetailsOf(await this.organisations.made(tx, id)), admin, apiKey };
    });
  }

  /** By slug. */
  async list({
    limit,
    after,
  }: z.output<(typeof listOrganisations)['request']>): Promise<z.output<(typeof listOrganisations)['reply']>> {
    const rows = await this.organisations.all(after ?? null, limit + 1);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => {
        const { id, slug, name, supportAddress, createdAt } = organisationDetailsOf(row);
        return { id, slug, name, supportAddress, agents: row.agents, createdAt };
      }),
      nextAfter: rows.length > limit ? (shown.at(-1)?.slug ?? null) : null,
    };
  }
}

const taken = (pointer: string, message: string) => DeskError.at('CONFLICT', pointer, message);
