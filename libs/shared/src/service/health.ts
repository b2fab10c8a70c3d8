import { Controller, Get, Header, HttpStatus, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { collectDefaultMetrics, register } from 'prom-client';
import { NATS } from '../messaging/messaging.module.js';

/** Answers whether a part that the service cannot do without is there; throws or false when it is not. */
export type ReadyCheck = () => Promise<boolean> | boolean;
const CHECKS = Symbol('ReadyChecks');

interface Reply {
  status(code: number): Reply;
}

@Controller()
export class HealthHttp {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CHECKS) private readonly checks: Record<string, ReadyCheck>,
  ) {}

  /** The process runs. */
  @Get('health/live')
  live(): object {
    return { status: 'live' };
  }

  /** It can do its work: NATS is connected and so is whatever else it needs. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<object> {
    const checks: Record<string, ReadyCheck> = {
      nats: () => !this.nats.isClosed() && this.nats.flush().then(() => true),
      ...this.checks,
    };
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await passes(check)] as const),
    );
    const ready = results.every(([, ok]) => ok);
    if (!ready) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(results) };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return register.metrics();
  }
}

async function passes(check: ReadyCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, 2_000, false)));
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

@Module({})
export class HealthModule {
  static with(checks: (...services: never[]) => Record<string, ReadyCheck>, inject: unknown[] = []): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthHttp],
      providers: [{ provide: CHECKS, useFactory: checks as never, inject: inject as never[] }],
    };
  }
}

export const startMetrics = (): void => {
  collectDefaultMetrics();
};
