import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  cannedPage,
  cannedRef,
  cannedResponseView,
  cannedVariableList,
  createCannedResponseInput,
  listCannedInput,
  renderCannedInput,
  renderedCanned,
  updateCannedResponseInput,
} from '#shared/contracts/canned-responses.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { CANNED_VARIABLES } from './canned-variables.js';
import { CannedResponses } from './canned-responses.js';
import { UseCanned } from './use-canned.js';

const cannedPath = z.object({ canned: cannedRef });
type Path = z.output<typeof cannedPath>;

@ApiTags('canned responses')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/canned-responses', 'api/canned-responses'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class CannedResponsesHttp {
  constructor(
    private readonly canned: CannedResponses,
    private readonly use: UseCanned,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Canned responses: everybody’s and one’s own teams’, by title or by use.' })
  @ApiOkResponse({ standardSchema: cannedPage, description: 'A page of canned responses.' })
  list(@Query({ schema: listCannedInput }) input: z.output<typeof listCannedInput>, @HttpActor() actor: Actor) {
    return this.canned.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Write a canned response (managers, and agents for their own teams).' })
  @ApiCreatedResponse({ standardSchema: cannedResponseView, description: 'The new canned response.' })
  create(
    @Body({ schema: createCannedResponseInput }) input: z.output<typeof createCannedResponseInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.canned.create(actor, input);
  }

  @Get('variables')
  @ApiOperation({ summary: 'What a canned response may speak of, with an example of each.' })
  @ApiOkResponse({ standardSchema: cannedVariableList, description: 'All variables.' })
  variables() {
    return { items: CANNED_VARIABLES, nextCursor: null };
  }

  @Get(':canned')
  @ApiOperation({ summary: 'Read a canned response, by id or shortcut.' })
  @ApiOkResponse({ standardSchema: cannedResponseView, description: 'The canned response.' })
  get(@Param({ schema: cannedPath }) { canned }: Path, @HttpActor() actor: Actor) {
    return this.canned.one(actor, canned);
  }

  @Patch(':canned')
  @ApiOperation({ summary: 'Change a canned response.' })
  @ApiOkResponse({ standardSchema: cannedResponseView, description: 'The canned response as it is now.' })
  update(
    @Param({ schema: cannedPath }) { canned }: Path,
    @Body({ schema: updateCannedResponseInput }) input: z.output<typeof updateCannedResponseInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.canned.update(actor, canned, input);
  }

  @Delete(':canned')
  @ApiOperation({ summary: 'Delete a canned response.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: cannedPath }) { canned }: Path, @HttpActor() actor: Actor) {
    return this.canned.remove(actor, canned);
  }

  @Post(':canned/render')
  @Area('tickets')
  @HttpCode(200)
  @ApiOperation({ summary: 'Fill it in for a ticket; what has no value stands as [name?] and in `missing`.' })
  @ApiOkResponse({ standardSchema: renderedCanned, description: 'The text, filled in.' })
  render(
    @Param({ schema: cannedPath }) { canned }: Path,
    @Body({ schema: renderCannedInput }) input: z.output<typeof renderCannedInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.use.execute(actor, canned, input);
  }
}
