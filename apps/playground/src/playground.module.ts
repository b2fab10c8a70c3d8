import { Module, type DynamicModule } from '@nestjs/common';
import { HealthHttp } from './health/health.http.js';
import { LiveHttp } from './live/live.http.js';
import { MailboxHttp } from './mailbox/mailbox.http.js';
import { PageHttp } from './page/page.http.js';
import { PeopleHttp } from './people/people.http.js';
import { Playground } from './playground.js';
import { SlackHttp } from './web-api/slack.http.js';
import { WorkspaceHttp } from './workspace/workspace.http.js';

@Module({})
export class PlaygroundModule {
  static of(playground: Playground): DynamicModule {
    return {
      module: PlaygroundModule,
      controllers: [HealthHttp, PageHttp, LiveHttp, PeopleHttp, WorkspaceHttp, MailboxHttp, SlackHttp],
      providers: [{ provide: Playground, useValue: playground }],
    };
  }
}
