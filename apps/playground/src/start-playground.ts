import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { PlaygroundConfig } from './config.js';
import { ErrorFilter } from './error.filter.js';
import { SmtpSink } from './mailbox/smtp-sink.js';
import { Playground, type Timing } from './playground.js';
import { PlaygroundModule } from './playground.module.js';

const MAX_BODY_BYTES = 60 * 1024 * 1024;

export interface RunningPlayground {
  readonly playground: Playground;
  readonly url: string;
  readonly smtpPort: number;
  close(): Promise<void>;
}

/** Starts page, Web API, control API and mailbox; port 0 takes a free one. Rejects when a port is taken. */
export async function startPlayground(
  config: PlaygroundConfig,
  log: Logger,
  timing: Timing = {},
): Promise<RunningPlayground> {
  const playground = new Playground(config, timing);
  const sink = new SmtpSink(playground.mailbox, (err) => log.debug({ err }, 'an SMTP client went wrong'));
  // Live streams never end by themselves; closing must not wait for them.
  const adapter = new FastifyAdapter({ forceCloseConnections: true, bodyLimit: MAX_BODY_BYTES });
  const app = await NestFactory.create<NestFastifyApplication>(PlaygroundModule.of(playground), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(log));
  const close = async (): Promise<void> => {
    playground.stop();
    await Promise.all([app.close(), sink.close()]);
  };
  try {
    const smtpPort = await sink.listen(config.PLAYGROUND_SMTP_PORT, config.LISTEN_HOST);
    await app.listen(config.PLAYGROUND_PORT, config.LISTEN_HOST);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const host = config.LISTEN_HOST.includes(':') ? `[${config.LISTEN_HOST}]` : config.LISTEN_HOST;
    const url = `http://${host}:${port}`;
    playground.address.set(config.PLAYGROUND_PUBLIC_URL ?? url);
    return { playground, url, smtpPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}
