import 'reflect-metadata';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { connectNats, readNatsUrl } from '../messaging/connect-nats.js';
import { ContractClient } from '../messaging/contract-client.js';
import { RequestTraceInterceptor } from '../messaging/contract-handlers.js';
import { answerFrameworkError, ErrorFilter } from './error.filter.js';
import { JetStreamStrategy } from '../messaging/jetstream-strategy.js';
import { startMetrics } from './health.js';
import { InputPipe } from './input.pipe.js';
import { hearOutRefusedBodies } from './hear-out.js';
import { createLogger } from './logger.js';
import { noteRoutes } from './methods-at.js';
import { readJsonBodies } from './read-json.js';
import { startTracing } from './tracing.js';

export interface ServiceSettings {
  NATS_URL: string;
  LISTEN_HOST: string;
  LOG_LEVEL: string;
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
}

export interface ServiceParts {
  nats: NatsConnection;
  log: Logger;
}

export interface ServiceDefinition<Config extends ServiceSettings> {
  name: string;
  readConfig: () => Config;
  httpPort: (config: Config) => number;
  module: (config: Config, parts: ServiceParts) => DynamicModule | Promise<DynamicModule>;
  /** Answers contracts over NATS (the core). */
  answersRequests?: boolean;
  /** Has `@OnEvent` handlers. */
  hearsEvents?: boolean;
  /** Last touches before it listens: OpenAPI, static files. */
  prepare?: (app: NestFastifyApplication, config: Config) => void | Promise<void>;
  /** Options of the HTTP server. */
  http?: (config: Config) => { bodyLimitBytes?: number; rawBody?: boolean; requestTimeoutMs?: number };
}

/** Runs a service: configuration, logs, tracing, NATS, HTTP with health and metrics, and a graceful end on SIGTERM or SIGINT. */
export async function startService<Config extends ServiceSettings>(
  service: ServiceDefinition<Config>,
): Promise<NestFastifyApplication> {
  const config = readConfigOrExit(service);
  const log = createLogger(service.name, config.LOG_LEVEL);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected and nobody listened'));

  startMetrics();
  const flushTraces = await startTracing(service.name, config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const nats = await connectNats(config.NATS_URL, service.name, log);

  const app = await buildService(service, config, { nats, log });

  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'ending');
    const giveUp = setTimeout(() => process.exit(1), 10_000);
    giveUp.unref();
    await app.close().catch((error: unknown) => log.error({ err: error }, 'the end was not graceful'));
    await flushTraces().catch(() => log.warn('the last traces were lost'));
    await nats.drain().catch(() => nats.close());
    process.exit(0);
  };
  process.once('SIGTERM', () => void end('SIGTERM'));
  process.once('SIGINT', () => void end('SIGINT'));

  // HTTP first, so that /health answers while the rest is still coming up.
  await app.listen(service.httpPort(config), config.LISTEN_HOST);
  await startAnswering(app, service);
  log.info({ url: await app.getUrl() }, 'listening');
  return app;
}

/**
 * Answers requests and hears events from here on: the bus has heard of every subscription, so that the next request over
 * another connection finds somebody.
 */
export async function startAnswering(
  app: NestFastifyApplication,
  { answersRequests }: { answersRequests?: boolean },
): Promise<void> {
  await app.startAllMicroservices();
  if (answersRequests) await app.getMicroservices()[0]!.unwrap<NatsConnection>().flush();
}

/** The service as it will run, not listening yet: the same wiring for `startService` and for tests. */
export async function buildService<Config extends ServiceSettings>(
  service: ServiceDefinition<Config>,
  config: Config,
  { nats, log }: ServiceParts,
): Promise<NestFastifyApplication> {
  const module = await service.module(config, { nats, log });
  const http = service.http?.(config) ?? {};
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    new FastifyAdapter({
      bodyLimit: http.bodyLimitBytes ?? 1024 * 1024,
      routerOptions: { ignoreTrailingSlash: true },
      // Fastify’s own is none: whoever sends a byte now and then would keep a connection for ever.
      requestTimeout: http.requestTimeoutMs ?? 60_000,
      frameworkErrors: answerFrameworkError,
    }),
    { logger: nestLogger(log), rawBody: http.rawBody ?? false, abortOnError: false },
  );
  noteRoutes(app);
  readJsonBodies(app);
  hearOutRefusedBodies(app);
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ErrorFilter(log));
  app.useGlobalInterceptors(new RequestTraceInterceptor());
  if (service.answersRequests) {
    app.connectMicroservice(
      {
        transport: Transport.NATS,
        options: { ...natsOptions(config.NATS_URL), queue: service.name, name: `${service.name}-requests` },
      },
      { inheritAppConfig: true },
    );
  }
  if (service.hearsEvents) {
    const strategy = new JetStreamStrategy(nats, new ContractClient(nats), log);
    app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  }
  await service.prepare?.(app, config);
  return app;
}

function readConfigOrExit<Config extends ServiceSettings>(service: ServiceDefinition<Config>): Config {
  try {
    return service.readConfig();
  } catch (error) {
    process.stderr.write(`${service.name} cannot start. ${(error as Error).message}\n`);
    process.exit(78); // EX_CONFIG (sysexits.h): starting it again will not help.
  }
}

const natsOptions = (url: string) => ({
  ...readNatsUrl(url),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  waitOnFirstConnect: true,
});

const nestLogger = (log: Logger): LoggerService => ({
  log: (message: unknown) => log.debug(String(message)),
  debug: (message: unknown) => log.trace(String(message)),
  verbose: (message: unknown) => log.trace(String(message)),
  warn: (message: unknown) => log.warn(String(message)),
  error: (message: unknown, ...rest: unknown[]) => log.error({ rest }, String(message)),
  fatal: (message: unknown) => log.fatal(String(message)),
});
