import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '#shared/messaging/messaging.module.js';
import { HealthModule, type ReadyCheck } from '#shared/service/health.js';
import type { ServiceParts } from '#shared/service/start-service.js';
import type { MailIntakeConfig } from './config.js';
import { IntakeMetrics } from './intake-metrics.js';
import { MailIntakeService } from './mail-intake.service.js';

@Module({})
export class MailIntakeModule {
  static with(config: MailIntakeConfig, { nats, log }: ServiceParts): DynamicModule {
    const service = new MailIntakeService(config, nats, log, new IntakeMetrics());
    const checks = (): Record<string, ReadyCheck> => ({ smtp: () => service.isListening });
    return {
      module: MailIntakeModule,
      imports: [MessagingModule.with(nats, log), HealthModule.with(checks)],
      providers: [{ provide: MailIntakeService, useValue: service }],
    };
  }
}
