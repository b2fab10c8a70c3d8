import { Body, Controller, Delete, Get, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  apiKeyPage,
  apiKeyView,
  createApiKeyInput,
  listApiKeysInput,
  newApiKeyView,
  rotateApiKeyInput,
} from '#shared/contracts/api-keys.js';
import { success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor, HttpKeyHolder } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import type { KeyHolder } from './api-keys.js';
import { KeepApiKeys } from './keep-api-keys.js';

const keyPath = z.object({ key: z.uuid() });
type Path = z.output<typeof keyPath>;

/** Without the interceptor that keeps answers for Idempotency-Key: a new key is shown once and kept nowhere. */
@ApiTags('api keys')
@ApiBearerAuth()
@Area('people')
@Controller(['api/v1/keys', 'api/keys', 'api/v1/api-keys', 'api/api-keys'])
@UseGuards(ApiKeyGuard)
export class ApiKeysHttp {
  constructor(private readonly keys: KeepApiKeys) {}

  @Get()
  @ApiOperation({ summary: 'List API keys, newest first: your own, or everybody’s for admins.' })
  @ApiOkResponse({ standardSchema: apiKeyPage, description: 'A page of keys, without the keys themselves.' })
  list(@Query({ schema: listApiKeysInput }) input: z.output<typeof listApiKeysInput>, @HttpActor() actor: Actor) {
    return this.keys.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Make an API key. The key itself is in this answer and never again.' })
  @ApiCreatedResponse({ standardSchema: newApiKeyView, description: 'The key; `key` is shown this once.' })
  create(
    @Body({ schema: createApiKeyInput }) input: z.output<typeof createApiKeyInput>,
    @HttpKeyHolder() maker: KeyHolder,
  ) {
    return this.keys.create(maker, input);
  }

  @Get(':key')
  @ApiOperation({ summary: 'Read what is known of an API key.' })
  @ApiOkResponse({ standardSchema: apiKeyView, description: 'What is known of it.' })
  get(@Param({ schema: keyPath }) { key }: Path, @HttpActor() actor: Actor) {
    return this.keys.one(actor, key);
  }

  @Delete(':key')
  @ApiOperation({ summary: 'Revoke an API key: it opens nothing any more.' })
  @ApiOkResponse({ standardSchema: success, description: 'It opens nothing any more.' })
  revoke(@Param({ schema: keyPath }) { key }: Path, @HttpActor() actor: Actor) {
    return this.keys.revoke(actor, key);
  }

  @Post(':key/rotate')
  @ApiOperation({
    summary: 'Replace an API key by a new one with the same rights, perhaps with some minutes’ overlap.',
  })
  @ApiCreatedResponse({ standardSchema: newApiKeyView, description: 'The new key; `key` is shown this once.' })
  rotate(
    @Param({ schema: keyPath }) { key }: Path,
    @Body({ schema: rotateApiKeyInput }) input: z.output<typeof rotateApiKeyInput>,
    @HttpKeyHolder() maker: KeyHolder,
  ) {
    return this.keys.rotate(maker, key, input);
  }
}
