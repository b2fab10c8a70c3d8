import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { listCategories } from '#shared/contracts/categories.js';
import { ActorOf, Answers } from '#shared/messaging/contract-handlers.js';
import { Categories } from './categories.js';

@Controller()
export class CategoriesNats {
  constructor(private readonly categories: Categories) {}

  @Answers(listCategories)
  list(@ActorOf() actor: Actor) {
    return this.categories.list(actor);
  }
}
