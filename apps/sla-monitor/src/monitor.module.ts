import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '#shared/messaging/messaging.module.js';
import { HealthModule } from '#shared/service/health.js';
import type { ServiceParts } from '#shared/service/start-service.js';
import type { MonitorConfig } from './config.js';
import { PublishDueClocks } from './publish-due-clocks.js';
import { WatchClocks } from './watch-clocks.js';

@Module({})
export class MonitorModule {
  static with(config: MonitorConfig, { nats, log }: ServiceParts): DynamicModule {
    return {
      module: MonitorModule,
      imports: [MessagingModule.with(nats, log), HealthModule.with(() => ({}))],
      providers: [
        PublishDueClocks,
        {
          provide: WatchClocks,
          useFactory: (due: PublishDueClocks) => new WatchClocks(due, nats, log, config.SLA_LOOK_EVERY_SECONDS * 1_000),
          inject: [PublishDueClocks],
        },
      ],
    };
  }
}
