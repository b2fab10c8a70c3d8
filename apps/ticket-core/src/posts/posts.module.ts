import type { Feature } from '../feature.js';
import { ClaimPost } from './claim-post.js';
import { PostRepository } from './post.repository.js';
import { PostsNats } from './posts.nats.js';

export const posts: Feature = {
  controllers: [PostsNats],
  providers: [PostRepository, ClaimPost],
};
