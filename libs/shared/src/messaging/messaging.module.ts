import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { ContractClient } from './contract-client.js';

export const NATS = Symbol('NatsConnection');
export const LOG = Symbol('Logger');

/** Gives every part of a service its one NATS connection, the typed client on it, and the log. */
@Global()
@Module({})
export class MessagingModule {
  static with(nats: NatsConnection, log: Logger): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: NATS, useValue: nats },
        { provide: LOG, useValue: log },
        { provide: ContractClient, useValue: new ContractClient(nats) },
      ],
      exports: [NATS, LOG, ContractClient],
    };
  }
}
