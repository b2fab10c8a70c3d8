import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { auditPage, listAuditInput } from '#shared/contracts/audit.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { ReadAudit } from './read-audit.js';

@ApiTags('audit')
@ApiBearerAuth()
@Area('audit')
@Controller(['api/v1/audit', 'api/audit'])
@UseGuards(ApiKeyGuard)
export class AuditHttp {
  constructor(private readonly audit: ReadAudit) {}

  @Get()
  @ApiOperation({
    summary: 'Who changed what of the organisation, and by which way in, newest first (managers).',
    description: 'Changes of a ticket are not here: they are its activities, at /api/v1/tickets/{ticket}/activities.',
  })
  @ApiOkResponse({ standardSchema: auditPage, description: 'A page of what was done.' })
  list(@Query({ schema: listAuditInput }) input: z.output<typeof listAuditInput>, @HttpActor() actor: Actor) {
    return this.audit.page(actor, input);
  }
}
