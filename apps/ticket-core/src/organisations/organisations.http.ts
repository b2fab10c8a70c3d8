import { Body, Controller, Get, Patch, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { organisationChanges, organisationDetails } from '#shared/contracts/organisations.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { KeepOrganisation } from './keep-organisation.js';

@ApiTags('organisation')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/organisation', 'api/organisation'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class OrganisationHttp {
  constructor(private readonly organisation: KeepOrganisation) {}

  @Get()
  @ApiOperation({ summary: 'Your organisation, with its settings.' })
  @ApiOkResponse({ standardSchema: organisationDetails, description: 'Your organisation.' })
  get(@HttpActor() actor: Actor) {
    return this.organisation.read(actor);
  }

  @Patch()
  @ApiOperation({ summary: 'Change its name, support address or settings (admins). What is absent stays.' })
  @ApiOkResponse({ standardSchema: organisationDetails, description: 'Your organisation as it is now.' })
  update(
    @Body({ schema: organisationChanges }) input: z.output<typeof organisationChanges>,
    @HttpActor() actor: Actor,
  ) {
    return this.organisation.update(actor, input);
  }
}
