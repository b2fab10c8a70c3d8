import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { claimPost, findPost, releasePost, settlePost } from '#shared/contracts/posts.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ClaimPost } from './claim-post.js';

@Controller()
export class PostsNats {
  constructor(private readonly posts: ClaimPost) {}

  @Answers(claimPost)
  claim(@Input(claimPost) input: InputOf<typeof claimPost>, @ActorOf() actor: Actor) {
    return this.posts.claim(actor, input);
  }

  @Answers(settlePost)
  settle(@Input(settlePost) input: InputOf<typeof settlePost>, @ActorOf() actor: Actor) {
    return this.posts.settle(actor, input);
  }

  @Answers(releasePost)
  async release(@Input(releasePost) input: InputOf<typeof releasePost>, @ActorOf() actor: Actor) {
    await this.posts.release(actor, input.surface, input.key);
    return {};
  }

  @Answers(findPost)
  find(@Input(findPost) input: InputOf<typeof findPost>, @ActorOf() actor: Actor) {
    return this.posts.find(actor, input);
  }
}
