import type { Feature } from '../feature.js';
import { ChangeTags } from './change-tags.js';
import { NameTags } from './name-tags.js';
import { ReadTags } from './read-tags.js';
import { TagRepository } from './tag.repository.js';
import { TagTicket } from './tag-ticket.js';
import { TagsHttp, TicketTagsHttp } from './tags.http.js';
import { TagsNats } from './tags.nats.js';

export const tags: Feature = {
  controllers: [TagsHttp, TicketTagsHttp, TagsNats],
  providers: [TagRepository, NameTags, ReadTags, ChangeTags, TagTicket],
};
