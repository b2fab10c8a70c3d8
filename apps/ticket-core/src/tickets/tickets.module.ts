import type { Feature } from '../feature.js';
import { ChangeTicket } from './change-ticket.js';
import { FindTicket } from './find-ticket.js';
import { OpenTicket } from './open-ticket.js';
import { OpenTickets } from './open-tickets.js';
import { ReadTickets } from './read-tickets.js';
import { TicketListRepository } from './ticket-list.repository.js';
import { TicketRepository } from './ticket.repository.js';
import { TicketsHttp } from './tickets.http.js';
import { TicketsNats } from './tickets.nats.js';
import { UpdateTicket } from './update-ticket.js';

export const tickets: Feature = {
  controllers: [TicketsHttp, TicketsNats],
  providers: [
    TicketRepository,
    TicketListRepository,
    FindTicket,
    ReadTickets,
    OpenTicket,
    OpenTickets,
    ChangeTicket,
    UpdateTicket,
  ],
};
