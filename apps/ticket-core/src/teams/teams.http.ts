import {
  Body,
  Controller,
  Delete,
  Get,
  Param,
  Patch,
  Post,
  Put,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { agentRef } from '#shared/contracts/agents.js';
import {
  createTeamInput,
  deletedTeam,
  deleteTeamInput,
  listTeamsInput,
  teamDetails,
  teamPage,
  teamRef,
  updateTeamFields,
} from '#shared/contracts/teams.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { KeepTeams } from './keep-teams.js';
import { ReadTeams } from './read-teams.js';

const teamPath = z.object({ team: teamRef });
const memberPath = z.object({ team: teamRef, agent: agentRef });
type Path = z.output<typeof teamPath>;
type MemberPath = z.output<typeof memberPath>;

@ApiTags('teams')
@ApiBearerAuth()
@Area('people')
@Controller(['api/v1/teams', 'api/teams'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TeamsHttp {
  constructor(
    private readonly teams: ReadTeams,
    private readonly keep: KeepTeams,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List teams by name.' })
  @ApiOkResponse({ standardSchema: teamPage, description: 'A page of teams.' })
  list(@Query({ schema: listTeamsInput }) input: z.output<typeof listTeamsInput>, @HttpActor() actor: Actor) {
    return this.teams.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Make a team (admins), perhaps with its members.' })
  @ApiCreatedResponse({ standardSchema: teamDetails, description: 'The new team.' })
  create(@Body({ schema: createTeamInput }) input: z.output<typeof createTeamInput>, @HttpActor() actor: Actor) {
    return this.keep.create(actor, input);
  }

  @Get(':team')
  @ApiOperation({ summary: 'Read a team with its members, by id, handle or name.' })
  @ApiOkResponse({ standardSchema: teamDetails, description: 'The team.' })
  get(@Param({ schema: teamPath }) { team }: Path, @HttpActor() actor: Actor) {
    return this.teams.one(actor, team);
  }

  @Patch(':team')
  @ApiOperation({ summary: 'Rename a team, or describe it (admins).' })
  @ApiOkResponse({ standardSchema: teamDetails, description: 'The team as it is now.' })
  update(
    @Param({ schema: teamPath }) { team }: Path,
    @Body({ schema: updateTeamFields }) input: z.output<typeof updateTeamFields>,
    @HttpActor() actor: Actor,
  ) {
    return this.keep.update(actor, team, input);
  }

  @Delete(':team')
  @ApiOperation({
    summary: 'Dissolve a team (admins). While it has open tickets, say where they go: ?moveTo=<team> or none.',
  })
  @ApiOkResponse({ standardSchema: deletedTeam, description: 'It is gone; so many open tickets have moved.' })
  remove(
    @Param({ schema: teamPath }) { team }: Path,
    @Query({ schema: deleteTeamInput }) { moveTo }: z.output<typeof deleteTeamInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.keep.remove(actor, team, moveTo);
  }

  @Put(':team/members/:agent')
  @ApiOperation({ summary: 'Put an agent into a team (admins).' })
  @ApiOkResponse({ standardSchema: teamDetails, description: 'The team with them.' })
  addMember(@Param({ schema: memberPath }) { team, agent }: MemberPath, @HttpActor() actor: Actor) {
    return this.keep.addMember(actor, team, agent);
  }

  @Delete(':team/members/:agent')
  @ApiOperation({ summary: 'Take an agent out of a team (admins).' })
  @ApiOkResponse({ standardSchema: success, description: 'They are out of it.' })
  removeMember(@Param({ schema: memberPath }) { team, agent }: MemberPath, @HttpActor() actor: Actor) {
    return this.keep.removeMember(actor, team, agent);
  }
}
