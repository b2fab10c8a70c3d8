import type { Feature } from '../feature.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';

export const outbox: Feature = {
  controllers: [],
  providers: [OutboxRelay, Outbox],
};
