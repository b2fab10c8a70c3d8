import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MessagingModule } from '#shared/messaging/messaging.module.js';
import { HealthModule } from '#shared/service/health.js';
import type { ServiceParts } from '#shared/service/start-service.js';
import { ActivityLog } from './activities/activity-log.js';
import { ActivityRepository } from './activities/activity.repository.js';
import { ListActivities } from './activities/list-activities.js';
import type { CoreConfig } from './config.js';
import { ContactRepository } from './contacts/contact.repository.js';
import { EnsureContacts } from './contacts/ensure-contacts.js';
import { Database } from './database/database.js';
import { statement } from './database/statement.js';
import { DeadLetterRepository } from './dead-letters/dead-letter.repository.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { DeadLettersNats } from './dead-letters/dead-letters.nats.js';
import { ForgetIdempotencyKeys } from './http/forget-idempotency-keys.js';
import { IdempotencyRepository } from './http/idempotency.repository.js';
import { AcceptMail } from './mail/accept-mail.js';
import { ClaimMails } from './mail/claim-mails.js';
import { FileMails } from './mail/file-mails.js';
import { FindThreads } from './mail/find-threads.js';
import { InboundMailRepository } from './mail/inbound-mail.repository.js';
import { MailNats } from './mail/mail.nats.js';
import { OutboundMailRepository } from './mail/outbound-mail.repository.js';
import { QueueMail } from './mail/queue-mail.js';
import { RecordBounce } from './mail/record-bounce.js';
import { ResolveRecipient } from './mail/resolve-recipient.js';
import { SendOutgoing } from './mail/send-outgoing.js';
import { AddMessage } from './messages/add-message.js';
import { EditMessage } from './messages/edit-message.js';
import { ListMessages } from './messages/list-messages.js';
import { MessageRepository } from './messages/message.repository.js';
import { MessagesNats } from './messages/messages.nats.js';
import { PostMessage } from './messages/post-message.js';
import { RecordFirstMessages } from './messages/record-first-messages.js';
import { ApiKeys } from './organisations/api-keys.js';
import { FindAgent } from './organisations/find-agent.js';
import { FindOrganisation } from './organisations/find-organisation.js';
import { OrganisationRepository } from './organisations/organisation.repository.js';
import { OrganisationsNats } from './organisations/organisations.nats.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { Outbox } from './outbox/outbox.js';
import { ClaimPost } from './posts/claim-post.js';
import { PostRepository } from './posts/post.repository.js';
import { PostsNats } from './posts/posts.nats.js';
import { BreachRepository } from './sla/breach.repository.js';
import { ChangePolicies } from './sla/change-policies.js';
import { ClaimDueClocks } from './sla/claim-due-clocks.js';
import { GetTracking } from './sla/get-tracking.js';
import { ListBreaches } from './sla/list-breaches.js';
import { OpenTicketRepository } from './sla/open-ticket.repository.js';
import { PauseTracking } from './sla/pause-tracking.js';
import { PolicyBook } from './sla/policy-book.js';
import { ReadPolicies } from './sla/read-policies.js';
import { ReckonClocks } from './sla/reckon-clocks.js';
import { ReckonOpenTickets } from './sla/reckon-open-tickets.js';
import { ReckoningRepository } from './sla/reckoning.repository.js';
import { SlaClockRepository } from './sla/sla-clock.repository.js';
import { PriorityPoliciesHttp, SlaPoliciesHttp } from './sla/sla-policies.http.js';
import { SlaPolicyRepository } from './sla/sla-policy.repository.js';
import { SlaBreachesHttp, TicketSlaHttp } from './sla/sla-tracking.http.js';
import { SlaNats } from './sla/sla.nats.js';
import { ChangeTicket } from './tickets/change-ticket.js';
import { FindTicket } from './tickets/find-ticket.js';
import { OpenTicket } from './tickets/open-ticket.js';
import { OpenTickets } from './tickets/open-tickets.js';
import { ReadTickets } from './tickets/read-tickets.js';
import { TicketRepository } from './tickets/ticket.repository.js';
import { TicketsHttp } from './tickets/tickets.http.js';
import { TicketsNats } from './tickets/tickets.nats.js';
import { UpdateTicket } from './tickets/update-ticket.js';

const PING = statement('health.ping', 'SELECT 1 AS one');

/** Closes the pools last, when no request and no relay needs them any more. */
class DatabaseEnd implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

/** Everything of ticket-core, by feature. */
@Module({})
export class CoreModule {
  static with(config: CoreConfig, { nats, log }: ServiceParts): DynamicModule {
    const database = new Database(
      {
        appUrl: config.DATABASE_APP_URL,
        workerUrl: config.DATABASE_WORKER_URL,
        appPoolSize: config.DATABASE_APP_POOL,
        workerPoolSize: config.DATABASE_WORKER_POOL,
      },
      log,
    );
    const databaseEnd = { provide: DatabaseEnd, useValue: new DatabaseEnd(database) };
    return {
      module: CoreModule,
      imports: [
        MessagingModule.with(nats, log),
        HealthModule.with(() => ({ postgres: () => database.acrossOnce(PING).then(() => true) })),
      ],
      controllers: [
        TicketsHttp,
        SlaPoliciesHttp,
        PriorityPoliciesHttp,
        TicketSlaHttp,
        SlaBreachesHttp,
        TicketsNats,
        MessagesNats,
        OrganisationsNats,
        MailNats,
        SlaNats,
        PostsNats,
        DeadLettersNats,
      ],
      providers: [
        { provide: Database, useValue: database },
        databaseEnd,
        ActivityRepository,
        ActivityLog,
        ListActivities,
        ContactRepository,
        EnsureContacts,
        OrganisationRepository,
        ApiKeys,
        FindAgent,
        FindOrganisation,
        TicketRepository,
        FindTicket,
        ReadTickets,
        OpenTicket,
        OpenTickets,
        ChangeTicket,
        UpdateTicket,
        MessageRepository,
        AddMessage,
        PostMessage,
        EditMessage,
        ListMessages,
        RecordFirstMessages,
        InboundMailRepository,
        AcceptMail,
        ClaimMails,
        FindThreads,
        FileMails,
        ResolveRecipient,
        RecordBounce,
        OutboundMailRepository,
        QueueMail,
        SendOutgoing,
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
        OutboxRelay,
        Outbox,
        PostRepository,
        ClaimPost,
        DeadLetterRepository,
        DeadLetters,
        IdempotencyRepository,
        ForgetIdempotencyKeys,
      ],
    };
  }
}
