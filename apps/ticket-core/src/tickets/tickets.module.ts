import type { Feature } from '../feature.js';
import { ChangeTicket } from './change-ticket.js';
import { CloseResolved } from './close-resolved.js';
import { ClosingRepository } from './closing.repository.js';
import { CountFiltered } from './count-filtered.js';
import { DeleteTicket } from './delete-ticket.js';
import { FindTicket } from './find-ticket.js';
import { FollowUps } from './follow-ups.js';
import { OpenTicket } from './open-ticket.js';
import { OpenTickets } from './open-tickets.js';
import { ReadTickets } from './read-tickets.js';
import { SearchTickets } from './search-tickets.js';
import { TicketFiguresRepository } from './ticket-figures.repository.js';
import { TicketListRepository } from './ticket-list.repository.js';
import { TicketSearchRepository } from './ticket-search.repository.js';
import { TicketRepository } from './ticket.repository.js';
import { StepTicket } from './step-ticket.js';
import { TicketPeople } from './ticket-people.js';
import { TicketStepsHttp } from './ticket-steps.http.js';
import { TicketStepsNats } from './ticket-steps.nats.js';
import { TicketsHttp } from './tickets.http.js';
import { TicketsNats } from './tickets.nats.js';
import { UpdateTicket } from './update-ticket.js';

export const tickets: Feature = {
  controllers: [TicketsHttp, TicketsNats, TicketStepsHttp, TicketStepsNats],
  providers: [
    TicketRepository,
    TicketListRepository,
    TicketSearchRepository,
    FindTicket,
    ReadTickets,
    SearchTickets,
    CountFiltered,
    TicketFiguresRepository,
    OpenTicket,
    OpenTickets,
    ChangeTicket,
    UpdateTicket,
    CloseResolved,
    ClosingRepository,
    DeleteTicket,
    FollowUps,
    StepTicket,
    TicketPeople,
  ],
};
