import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  agentDetails,
  agentPage,
  agentRef,
  createAgentInput,
  listAgentsInput,
  updateAgentFields,
} from '#shared/contracts/agents.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { AnyArea, Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { KeepAgents } from './keep-agents.js';
import { ReadAgents } from './read-agents.js';

const agentPath = z.object({ agent: agentRef });
type Path = z.output<typeof agentPath>;

@ApiTags('agents')
@ApiBearerAuth()
@Area('people')
@Controller(['api/v1/agents', 'api/agents'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class AgentsHttp {
  constructor(
    private readonly agents: ReadAgents,
    private readonly keep: KeepAgents,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List agents by name: by a part of name or address, role, team; disabled ones on request.' })
  @ApiOkResponse({ standardSchema: agentPage, description: 'A page of agents.' })
  list(@Query({ schema: listAgentsInput }) input: z.output<typeof listAgentsInput>, @HttpActor() actor: Actor) {
    return this.agents.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Add an agent (admins). Only an e-mail address is needed.' })
  @ApiCreatedResponse({ standardSchema: agentDetails, description: 'The new agent.' })
  create(@Body({ schema: createAgentInput }) input: z.output<typeof createAgentInput>, @HttpActor() actor: Actor) {
    return this.keep.create(actor, input);
  }

  @Get('me')
  @AnyArea()
  @ApiOperation({ summary: 'Who you are, by the key that you use.' })
  @ApiOkResponse({ standardSchema: agentDetails, description: 'You.' })
  me(@HttpActor() actor: Actor) {
    return this.agents.me(actor);
  }

  @Get(':agent')
  @ApiOperation({ summary: 'Read an agent, by id, e-mail address or handle.' })
  @ApiOkResponse({ standardSchema: agentDetails, description: 'The agent.' })
  get(@Param({ schema: agentPath }) { agent }: Path, @HttpActor() actor: Actor) {
    return this.agents.one(actor, agent);
  }

  @Patch(':agent')
  @ApiOperation({ summary: 'Change an agent (admins): name, address, role, teams, or let them in again.' })
  @ApiOkResponse({ standardSchema: agentDetails, description: 'The agent as it is now.' })
  update(
    @Param({ schema: agentPath }) { agent }: Path,
    @Body({ schema: updateAgentFields }) input: z.output<typeof updateAgentFields>,
    @HttpActor() actor: Actor,
  ) {
    return this.keep.update(actor, agent, input);
  }

  @Delete(':agent')
  @ApiOperation({ summary: 'Disable an agent (admins). What they did stays; their keys open nothing any more.' })
  @ApiOkResponse({ standardSchema: success, description: 'They are out.' })
  disable(@Param({ schema: agentPath }) { agent }: Path, @HttpActor() actor: Actor) {
    return this.keep.disable(actor, agent);
  }
}
