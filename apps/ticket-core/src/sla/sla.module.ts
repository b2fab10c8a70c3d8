import type { Feature } from '../feature.js';
import { BreachRepository } from './breach.repository.js';
import { ChangePolicies } from './change-policies.js';
import { ClaimDueClocks } from './claim-due-clocks.js';
import { GetTracking } from './get-tracking.js';
import { ListBreaches } from './list-breaches.js';
import { OpenTicketRepository } from './open-ticket.repository.js';
import { PauseTracking } from './pause-tracking.js';
import { PolicyBook } from './policy-book.js';
import { ReadPolicies } from './read-policies.js';
import { ReckonClocks } from './reckon-clocks.js';
import { ReckonOpenTickets } from './reckon-open-tickets.js';
import { ReckoningRepository } from './reckoning.repository.js';
import { SlaClockRepository } from './sla-clock.repository.js';
import { SlaPoliciesHttp, PriorityPoliciesHttp } from './sla-policies.http.js';
import { SlaPolicyRepository } from './sla-policy.repository.js';
import { TicketSlaHttp, SlaBreachesHttp } from './sla-tracking.http.js';
import { SlaNats } from './sla.nats.js';

export const sla: Feature = {
  controllers: [SlaPoliciesHttp, PriorityPoliciesHttp, TicketSlaHttp, SlaBreachesHttp, SlaNats],
  providers: [
    SlaClockRepository,
    PolicyBook,
    ReckonClocks,
    ClaimDueClocks,
    SlaPolicyRepository,
    ReckoningRepository,
    OpenTicketRepository,
    BreachRepository,
    ChangePolicies,
    ReadPolicies,
    ReckonOpenTickets,
    GetTracking,
    PauseTracking,
    ListBreaches,
  ],
};
