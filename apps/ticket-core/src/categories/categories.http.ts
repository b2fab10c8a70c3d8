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
import {
  categoryList,
  categoryName,
  categoryView,
  createCategoryInput,
  orderCategoriesInput,
  removeCategoryInput,
  updateCategoryInput,
} from '#shared/contracts/categories.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { Categories } from './categories.js';

const categoryPath = z.object({ category: categoryName });
type Path = z.output<typeof categoryPath>;

@ApiTags('categories')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/ticket-categories', 'api/ticket-categories', 'api/v1/categories', 'api/categories'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class CategoriesHttp {
  constructor(private readonly categories: Categories) {}

  @Get()
  @ApiOperation({ summary: 'The desk’s categories in order. The first is what a ticket gets when nobody says.' })
  @ApiOkResponse({ standardSchema: categoryList, description: 'All categories.' })
  list(@HttpActor() actor: Actor) {
    return this.categories.list(actor);
  }

  @Post()
  @ApiOperation({ summary: 'Add a category (managers), last or at a position.' })
  @ApiCreatedResponse({ standardSchema: categoryView, description: 'The new category.' })
  create(
    @Body({ schema: createCategoryInput }) input: z.output<typeof createCategoryInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.categories.create(actor, input);
  }

  @Put()
  @ApiOperation({ summary: 'Put the categories into another order (managers): all of them, by id or name.' })
  @ApiOkResponse({ standardSchema: categoryList, description: 'All categories in the new order.' })
  order(
    @Body({ schema: orderCategoriesInput }) input: z.output<typeof orderCategoriesInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.categories.order(actor, input);
  }

  @Get(':category')
  @ApiOperation({ summary: 'Read a category, by id or name.' })
  @ApiOkResponse({ standardSchema: categoryView, description: 'The category.' })
  get(@Param({ schema: categoryPath }) { category }: Path, @HttpActor() actor: Actor) {
    return this.categories.one(actor, category);
  }

  @Patch(':category')
  @ApiOperation({ summary: 'Rename or move a category (managers). Its tickets follow a new name.' })
  @ApiOkResponse({ standardSchema: categoryView, description: 'The category as it is now.' })
  update(
    @Param({ schema: categoryPath }) { category }: Path,
    @Body({ schema: updateCategoryInput }) input: z.output<typeof updateCategoryInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.categories.update(actor, category, input);
  }

  @Delete(':category')
  @ApiOperation({ summary: 'Delete a category (managers); `replaceBy` is what its tickets get instead.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(
    @Param({ schema: categoryPath }) { category }: Path,
    @Query({ schema: removeCategoryInput }) { replaceBy }: z.output<typeof removeCategoryInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.categories.remove(actor, category, replaceBy);
  }
}
