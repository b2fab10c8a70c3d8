import { Body, Controller, Delete, Get, Param, Patch, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  createCustomFieldInput,
  customFieldList,
  customFieldView,
  updateCustomFieldInput,
} from '#shared/contracts/custom-fields.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { CustomFields } from './custom-fields.js';

const fieldPath = z.object({ field: z.string().min(1).max(63) });
type Path = z.output<typeof fieldPath>;

@ApiTags('custom fields')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/custom-fields', 'api/custom-fields'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class CustomFieldsHttp {
  constructor(private readonly fields: CustomFields) {}

  @Get()
  @ApiOperation({ summary: 'The desk’s custom fields, in order.' })
  @ApiOkResponse({ standardSchema: customFieldList, description: 'All custom fields.' })
  list(@HttpActor() actor: Actor) {
    return this.fields.list(actor);
  }

  @Post()
  @ApiOperation({ summary: 'Define a custom field (managers). From the first on, tickets take no others.' })
  @ApiCreatedResponse({ standardSchema: customFieldView, description: 'The new field.' })
  create(
    @Body({ schema: createCustomFieldInput }) input: z.output<typeof createCustomFieldInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.fields.create(actor, input);
  }

  @Get(':field')
  @ApiOperation({ summary: 'Read a custom field, by id or key.' })
  @ApiOkResponse({ standardSchema: customFieldView, description: 'The field.' })
  get(@Param({ schema: fieldPath }) { field }: Path, @HttpActor() actor: Actor) {
    return this.fields.one(actor, field);
  }

  @Patch(':field')
  @ApiOperation({ summary: 'Change label, options, position or whether it is required (managers); key and type stay.' })
  @ApiOkResponse({ standardSchema: customFieldView, description: 'The field as it is now.' })
  update(
    @Param({ schema: fieldPath }) { field }: Path,
    @Body({ schema: updateCustomFieldInput }) input: z.output<typeof updateCustomFieldInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.fields.update(actor, field, input);
  }

  @Delete(':field')
  @ApiOperation({ summary: 'Delete a custom field (managers). Tickets keep the values that they have.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: fieldPath }) { field }: Path, @HttpActor() actor: Actor) {
    return this.fields.remove(actor, field);
  }
}
