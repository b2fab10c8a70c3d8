import type { Feature } from '../feature.js';
import { BacktestPolicy } from './backtest-policy.js';
import { BreachRepository } from './breach.repository.js';
import { CalendarRepository } from './calendar.repository.js';
import { ChangeCalendars } from './change-calendars.js';
import { ChangePolicies } from './change-policies.js';
import { ClaimDueClocks } from './claim-due-clocks.js';
import { EscalationRepository } from './escalation.repository.js';
import { GetTracking } from './get-tracking.js';
import { ListBreaches } from './list-breaches.js';
import { MakeReport } from './make-report.js';
import { OpenTicketRepository } from './open-ticket.repository.js';
import { PastTicketRepository } from './past-ticket.repository.js';
import { PauseTracking } from './pause-tracking.js';
import { PolicyBook } from './policy-book.js';
import { ReadCalendars } from './read-calendars.js';
import { ReadPolicies } from './read-policies.js';
import { ReckonClocks } from './reckon-clocks.js';
import { ReckonOpenTickets } from './reckon-open-tickets.js';
import { ReckoningRepository } from './reckoning.repository.js';
import { ReportRepository } from './report.repository.js';
import { SlaCalendarsHttp } from './sla-calendars.http.js';
import { SlaClockRepository } from './sla-clock.repository.js';
import { SlaPoliciesHttp, PriorityPoliciesHttp } from './sla-policies.http.js';
import { SlaPolicyRepository } from './sla-policy.repository.js';
import { TicketSlaHttp, SlaBreachesHttp } from './sla-tracking.http.js';
import { SlaReportsHttp } from './sla-reports.http.js';
import { SlaMonitorNats, SlaNats } from './sla.nats.js';
import { TakeEscalationStep } from './take-escalation-step.js';

export const sla: Feature = {
  controllers: [
    SlaPoliciesHttp,
    PriorityPoliciesHttp,
    TicketSlaHttp,
    SlaBreachesHttp,
    SlaCalendarsHttp,
    SlaReportsHttp,
    SlaMonitorNats,
    SlaNats,
  ],
  providers: [
    SlaClockRepository,
    PolicyBook,
    EscalationRepository,
    ReckonClocks,
    CalendarRepository,
    ChangeCalendars,
    ReadCalendars,
    TakeEscalationStep,
    PastTicketRepository,
    BacktestPolicy,
    ReportRepository,
    MakeReport,
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
