import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { openBlobs } from '#shared/blobs/open-blobs.js';
import { MessagingModule } from '#shared/messaging/messaging.module.js';
import { HealthModule } from '#shared/service/health.js';
import type { ServiceParts } from '#shared/service/start-service.js';
import { activities } from './activities/activities.module.js';
import { agents } from './agents/agents.module.js';
import { apiKeys } from './api-keys/api-keys.module.js';
import { attachments } from './attachments/attachments.module.js';
import { ATTACHMENT_RULES, attachmentRulesOf, BLOBS } from './attachments/attachment-rules.js';
import { audit } from './audit/audit.module.js';
import { bulk } from './bulk/bulk.module.js';
import { cannedResponses } from './canned-responses/canned-responses.module.js';
import { categories } from './categories/categories.module.js';
import { companies } from './companies/companies.module.js';
import { contacts } from './contacts/contacts.module.js';
import { customFields } from './custom-fields/custom-fields.module.js';
import { deadLetters } from './dead-letters/dead-letters.module.js';
import { http } from './http/http.module.js';
import { mail } from './mail/mail.module.js';
import { merges } from './merges/merges.module.js';
import { messages } from './messages/messages.module.js';
import { organisations } from './organisations/organisations.module.js';
import { outbox } from './outbox/outbox.module.js';
import { posts } from './posts/posts.module.js';
import { search } from './search/search.module.js';
import { sla } from './sla/sla.module.js';
import { stats } from './stats/stats.module.js';
import { teams } from './teams/teams.module.js';
import { tags } from './tags/tags.module.js';
import { templates } from './templates/templates.module.js';
import { tickets } from './tickets/tickets.module.js';
import { timeEntries } from './time-entries/time-entries.module.js';
import { views } from './views/views.module.js';
import { vocabulary } from './vocabulary/vocabulary.module.js';
import { links } from './links/links.module.js';
import { notifications } from './notifications/notifications.module.js';
import { watchers } from './watchers/watchers.module.js';
import type { CoreConfig } from './config.js';
import { Database } from './database/database.js';
import { statement } from './database/statement.js';
import type { Feature } from './feature.js';

const FEATURES: Feature[] = [
  activities,
  attachments,
  agents,
  apiKeys,
  audit,
  bulk,
  cannedResponses,
  categories,
  companies,
  contacts,
  customFields,
  deadLetters,
  http,
  mail,
  merges,
  messages,
  organisations,
  outbox,
  posts,
  search,
  sla,
  stats,
  teams,
  tags,
  templates,
  tickets,
  timeEntries,
  views,
  vocabulary,
  links,
  notifications,
  watchers,
];

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
    return {
      module: CoreModule,
      imports: [
        MessagingModule.with(nats, log),
        HealthModule.with(() => ({ postgres: () => database.acrossOnce(PING).then(() => true) })),
      ],
      controllers: FEATURES.flatMap(({ controllers }) => controllers),
      providers: [
        { provide: Database, useValue: database },
        { provide: BLOBS, useValue: openBlobs(config) },
        { provide: ATTACHMENT_RULES, useValue: attachmentRulesOf(config) },
        { provide: DatabaseEnd, useValue: new DatabaseEnd(database) },
        ...FEATURES.flatMap(({ providers }) => providers),
      ],
    };
  }
}
