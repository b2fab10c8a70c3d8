import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import {
  createOrganisation,
  findOrganisation,
  getOrganisation,
  listOrganisations,
  updateOrganisation,
} from '#shared/contracts/organisations.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { FindOrganisation } from './find-organisation.js';
import { KeepOrganisation } from './keep-organisation.js';
import { MakeOrganisation } from './make-organisation.js';

@Controller()
export class OrganisationsNats {
  constructor(
    private readonly organisations: FindOrganisation,
    private readonly organisation: KeepOrganisation,
    private readonly maker: MakeOrganisation,
  ) {}

  @Answers(findOrganisation)
  find(@Input(findOrganisation) input: InputOf<typeof findOrganisation>) {
    return this.organisations.execute(input.slug);
  }

  @Answers(getOrganisation)
  get(@Input(getOrganisation) _: InputOf<typeof getOrganisation>, @ActorOf() actor: Actor) {
    return this.organisation.read(actor);
  }

  @Answers(updateOrganisation)
  update(@Input(updateOrganisation) input: InputOf<typeof updateOrganisation>, @ActorOf() actor: Actor) {
    return this.organisation.update(actor, input);
  }

  @Answers(createOrganisation)
  create(@Input(createOrganisation) input: InputOf<typeof createOrganisation>) {
    return this.maker.execute(input);
  }

  @Answers(listOrganisations)
  list(@Input(listOrganisations) input: InputOf<typeof listOrganisations>) {
    return this.maker.list(input);
  }
}
