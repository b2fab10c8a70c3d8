import { type DynamicModule, Module } from '@nestjs/common';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { MessagingModule } from '#shared/messaging/messaging.module.js';
import type { ServiceParts } from '#shared/service/start-service.js';
import { HealthModule } from '#shared/service/health.js';
import { AlertOnSlaBreached } from './alerts/alert-on-sla-breached.js';
import { AlertOnSlaEscalated } from './alerts/alert-on-sla-escalated.js';
import { AlertOnSlaWarning } from './alerts/alert-on-sla-warning.js';
import { AlertFacts } from './alerts/alert-facts.js';
import { AlertPosts } from './alerts/alert-posts.js';
import { EscalationPosts } from './alerts/escalation-posts.js';
import { CardLink } from './cards/card-link.js';
import { CardPosts } from './cards/card-posts.js';
import { PostCardOnTicketOpened } from './cards/post-card-on-ticket-opened.js';
import { RefreshCardOnMessagePosted } from './cards/refresh-card-on-message-posted.js';
import { RefreshCardOnSlaBreached } from './cards/refresh-card-on-sla-breached.js';
import { RefreshCardOnSlaWarning } from './cards/refresh-card-on-sla-warning.js';
import { RefreshCardOnTicketUpdated } from './cards/refresh-card-on-ticket-updated.js';
import { ChangeTicket } from './commands/change-ticket.js';
import { HearCommand } from './commands/hear-command.js';
import { LookAtTickets } from './commands/look-at-tickets.js';
import { OpenTicket } from './commands/open-ticket.js';
import { PressButton } from './commands/press-button.js';
import { RunVerb } from './commands/run-verb.js';
import { UseShortcut } from './commands/use-shortcut.js';
import { WriteMessage } from './commands/write-message.js';
import { SLACK_CONFIG, type SlackConfig } from './config.js';
import { Desk } from './desk/desk.js';
import { OwnEvents } from './desk/own-events.js';
import { Home } from './home/home.js';
import { OpenModal } from './modals/open-modal.js';
import { PrepareModal } from './modals/prepare-modal.js';
import { RequiredFields } from './modals/required-fields.js';
import { SubmitModal } from './modals/submit-modal.js';
import { NotificationPosts } from './notifications/notification-posts.js';
import { TellAgentOnAgentNotified } from './notifications/tell-agent-on-agent-notified.js';
import { People } from './people/people.js';
import { PostOnce } from './posts/post-once.js';
import { ShowReport } from './reports/show-report.js';
import { NestReceiver } from './slack/nest-receiver.js';
import { SlackHttp } from './slack/slack.http.js';
import { SlackMount } from './slack/slack-mount.js';
import { SlackWeb } from './slack/slack-web.js';
import { Tell } from './slack/tell.js';
import { TellFailures } from './slack/tell-failures.js';
import { Workspace } from './slack/workspace.js';
import { NoteFromThread } from './threads/note-from-thread.js';
import { TellThreadOnMessageDelivery } from './threads/tell-thread-on-message-delivery.js';
import { TellThreadOnMessagePosted } from './threads/tell-thread-on-message-posted.js';
import { TellThreadOnSlaBreached } from './threads/tell-thread-on-sla-breached.js';
import { TellThreadOnSlaWarning } from './threads/tell-thread-on-sla-warning.js';
import { TellThreadOnTicketUpdated } from './threads/tell-thread-on-ticket-updated.js';
import { ThreadPosts } from './threads/thread-posts.js';

const CONSUMERS = [
  AlertOnSlaBreached,
  AlertOnSlaEscalated,
  AlertOnSlaWarning,
  PostCardOnTicketOpened,
  RefreshCardOnMessagePosted,
  RefreshCardOnSlaBreached,
  RefreshCardOnSlaWarning,
  RefreshCardOnTicketUpdated,
  TellAgentOnAgentNotified,
  TellThreadOnMessageDelivery,
  TellThreadOnMessagePosted,
  TellThreadOnSlaBreached,
  TellThreadOnSlaWarning,
  TellThreadOnTicketUpdated,
];

@Module({})
export class SlackBotModule {
  static with(config: SlackConfig, { nats, log }: ServiceParts): DynamicModule {
    const web = new SlackWeb({ apiUrl: config.SLACK_API_URL, token: config.SLACK_BOT_TOKEN }, log);
    const desk = new Desk(new ContractClient(nats), config);
    const workspace = new Workspace(web, desk, config, log);
    return {
      module: SlackBotModule,
      imports: [MessagingModule.with(nats, log), HealthModule.with(() => workspace.readyChecks())],
      controllers: [SlackHttp, ...CONSUMERS],
      providers: [
        { provide: SLACK_CONFIG, useValue: config },
        { provide: SlackWeb, useValue: web },
        { provide: Desk, useValue: desk },
        // A factory: Nest tells what a factory made when the app starts and ends.
        { provide: Workspace, useFactory: () => workspace },
        AlertFacts,
        AlertPosts,
        CardLink,
        CardPosts,
        ChangeTicket,
        HearCommand,
        EscalationPosts,
        Home,
        LookAtTickets,
        NestReceiver,
        NoteFromThread,
        NotificationPosts,
        OpenModal,
        OpenTicket,
        OwnEvents,
        People,
        PostOnce,
        PrepareModal,
        RequiredFields,
        PressButton,
        RunVerb,
        ShowReport,
        SlackMount,
        SubmitModal,
        Tell,
        TellFailures,
        ThreadPosts,
        UseShortcut,
        WriteMessage,
      ],
    };
  }
}
