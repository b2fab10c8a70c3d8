import type { Feature } from '../feature.js';
import { LinkRepository } from './link.repository.js';
import { LinkTickets } from './link-tickets.js';
import { LinksHttp } from './links.http.js';
import { LinksNats } from './links.nats.js';

export const links: Feature = { controllers: [LinksHttp, LinksNats], providers: [LinkRepository, LinkTickets] };
