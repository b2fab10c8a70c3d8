import { Inject, Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import type { Contract, ReplyOf, RequestOf } from '#shared/contracts/contract.js';
import { findOrganisation, type OrganisationView } from '#shared/contracts/organisations.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';

/** The core, as this organisation's workspace sees it. The organisation is looked up when it is first needed. */
@Injectable()
export class Desk {
  private found: OrganisationView | undefined;
  private looking: Promise<OrganisationView> | undefined;

  constructor(
    private readonly client: ContractClient,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  get isKnown(): boolean {
    return this.found !== undefined;
  }

  async organisation(): Promise<OrganisationView> {
    if (this.found) return this.found;
    this.looking ??= this.client
      .request(findOrganisation, { slug: this.config.DESKWIRE_ORGANISATION })
      .finally(() => (this.looking = undefined));
    this.found = await this.looking;
    return this.found;
  }

  /** As somebody: an agent's own name and role. */
  async as<C extends Contract>(actor: Actor, contract: C, input: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.client.request(contract, input, { actor });
  }

  /** As the bot itself: to render what is, and to claim what is to be posted. */
  async ask<C extends Contract>(contract: C, input: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.client.request(contract, input, { actor: await this.ownActor() });
  }

  async ownActor(): Promise<Actor> {
    const { id } = await this.organisation();
    return { ...systemActor(id), surface: 'slack' };
  }
}
