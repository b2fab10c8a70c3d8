import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  policyChangeList,
  policyPreview,
  priorityPolicyChanges,
  priorityPolicyInput,
  priorityPolicyList,
  priorityPolicyView,
  slaPolicyList,
  slaPolicyView,
} from '#shared/contracts/sla-policies.js';
import { backtestPage } from '#shared/contracts/sla-reports.js';
import { success } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { policyChangesSchema, policyFileSchema, policySchema, type SlaPolicy } from '#sla/policy.schema.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { backtestInput } from './backtest-input.js';
import { BacktestPolicy } from './backtest-policy.js';
import { ChangePolicies } from './change-policies.js';
import { changesOfPriority, policyOfPriority, policyPath } from './policy-input.js';
import { policyViewOf, priorityAndTeamOf, priorityPolicyViewOf } from './policy.view.js';
import { ReadPolicies } from './read-policies.js';

type Path = z.output<typeof policyPath>;

@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/sla/policies', 'api/sla/policies'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class SlaPoliciesHttp {
  constructor(
    private readonly policies: ReadPolicies,
    private readonly change: ChangePolicies,
    private readonly trial: BacktestPolicy,
  ) {}

  @Get()
  @ApiOperation({ summary: 'SLA policies in the order in which they are tried.' })
  @ApiOkResponse({ standardSchema: slaPolicyList, description: 'All policies.' })
  async list(@HttpActor() actor: Actor) {
    return { items: (await this.policies.list(actor)).map(policyViewOf) };
  }

  @Post()
  @ApiOperation({ summary: 'Make a policy (admins). Open tickets that it catches follow in the background.' })
  @ApiCreatedResponse({ standardSchema: slaPolicyView, description: 'The new policy.' })
  async create(@Body({ schema: policySchema }) input: z.output<typeof policySchema>, @HttpActor() actor: Actor) {
    return policyViewOf(await this.change.create(actor, input));
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'How many open tickets a policy would catch. Nothing is changed.' })
  @ApiOkResponse({
    standardSchema: policyPreview,
    description: 'How many open tickets there are, fit, and would get it.',
  })
  preview(@Body({ schema: policyFileSchema }) input: z.output<typeof policyFileSchema>, @HttpActor() actor: Actor) {
    return this.policies.preview(actor, input);
  }

  @Post('backtest')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a policy on past tickets, a page of them at a time. Nothing is changed.' })
  @ApiOkResponse({ standardSchema: backtestPage, description: 'What would have been otherwise, of a page of tickets.' })
  backtest(@Body({ schema: backtestInput }) input: z.output<typeof backtestInput>, @HttpActor() actor: Actor) {
    return this.trial.execute(actor, input);
  }

  @Get(':policy')
  @ApiOperation({ summary: 'Read a policy.' })
  @ApiOkResponse({ standardSchema: slaPolicyView, description: 'The policy.' })
  async get(@Param({ schema: policyPath }) { policy }: Path, @HttpActor() actor: Actor) {
    return policyViewOf(await this.policies.one(actor, policy));
  }

  @Get(':policy/changes')
  @ApiOperation({ summary: 'Who changed what of a policy, and how far its open tickets have followed.' })
  @ApiOkResponse({ standardSchema: policyChangeList, description: 'All changes, newest first.' })
  changes(@Param({ schema: policyPath }) { policy }: Path, @HttpActor() actor: Actor) {
    return this.policies.changes(actor, policy);
  }

  @Patch(':policy')
  @ApiOperation({ summary: 'Change a policy (admins); a target of null is taken away. Its open tickets follow.' })
  @ApiOkResponse({ standardSchema: slaPolicyView, description: 'The policy as it is now.' })
  async update(
    @Param({ schema: policyPath }) { policy }: Path,
    @Body({ schema: policyChangesSchema }) input: z.output<typeof policyChangesSchema>,
    @HttpActor() actor: Actor,
  ) {
    return policyViewOf(await this.change.update(actor, policy, input));
  }

  @Delete(':policy')
  @ApiOperation({ summary: 'Delete a policy (admins). Tickets that have it keep it and its history.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: policyPath }) { policy }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, policy);
  }
}

/** The tickets' document's policies: targets for a ticket priority, perhaps of one team. The same policies, by another shape. */
@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/sla-policies', 'api/sla-policies'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class PriorityPoliciesHttp {
  constructor(
    private readonly policies: ReadPolicies,
    private readonly change: ChangePolicies,
  ) {}

  @Get()
  @ApiOperation({ summary: 'SLA policies by ticket priority, in the order in which they are tried.' })
  @ApiOkResponse({ standardSchema: priorityPolicyList, description: 'All policies.' })
  async list(@HttpActor() actor: Actor) {
    return { items: (await this.policies.list(actor)).map(priorityPolicyViewOf) };
  }

  @Post()
  @ApiOperation({ summary: 'Make a policy for a ticket priority, perhaps of one team (admins).' })
  @ApiCreatedResponse({ standardSchema: priorityPolicyView, description: 'The new policy.' })
  async create(
    @Body({ schema: priorityPolicyInput }) input: z.output<typeof priorityPolicyInput>,
    @HttpActor() actor: Actor,
  ) {
    return priorityPolicyViewOf(await this.change.create(actor, policyOfPriority(input), input.teamId));
  }

  @Get(':policy')
  @ApiOperation({ summary: 'Read a policy.' })
  @ApiOkResponse({ standardSchema: priorityPolicyView, description: 'The policy.' })
  async get(@Param({ schema: policyPath }) { policy }: Path, @HttpActor() actor: Actor) {
    return priorityPolicyViewOf(await this.policies.one(actor, policy));
  }

  @Patch(':policy')
  @ApiOperation({ summary: 'Change a policy (admins).' })
  @ApiOkResponse({ standardSchema: priorityPolicyView, description: 'The policy as it is now.' })
  async update(
    @Param({ schema: policyPath }) { policy }: Path,
    @Body({ schema: priorityPolicyChanges }) input: z.output<typeof priorityPolicyChanges>,
    @HttpActor() actor: Actor,
  ) {
    const changes = (now: SlaPolicy) => {
      const wanted = changesOfPriority(input, priorityAndTeamOf(now.conditions));
      if (wanted) return wanted;
      const why = 'this policy’s conditions are not just a priority and a team: change them at /api/v1/sla/policies';
      throw DeskError.at('BAD_REQUEST', '/priority', why);
    };
    return priorityPolicyViewOf(await this.change.update(actor, policy, changes, input.teamId));
  }

  @Delete(':policy')
  @ApiOperation({ summary: 'Delete a policy (admins). Tickets that have it keep it and its history.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: policyPath }) { policy }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, policy);
  }
}
