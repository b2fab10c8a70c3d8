/** Who may say what on the bus. The embedded server and deploy/nats.conf are both written from this one table. */
export interface NatsUser {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Asking the core, reading JetStream and acknowledging: what every service but the core may do. */
const ASK = ['desk.core.>', '$JS.API.>', '$JS.ACK.>'];
const HEAR = ['_INBOX.>', 'desk.hints.>'];

/** The services and the command line, each with no more than it needs. `admin` (all of it) is apart. */
export const NATS_USERS: readonly NatsUser[] = [
  {
    name: 'ticket-core',
    publish: ['desk.events.>', 'desk.hints.>', '$JS.API.>', '$JS.ACK.>', '_INBOX.>'],
    subscribe: ['desk.core.>', 'desk.hints.>', '_INBOX.>', '$JS.>'],
  },
  { name: 'mail-intake', publish: ASK, subscribe: HEAR },
  { name: 'slack-bot', publish: ASK, subscribe: HEAR },
  { name: 'sla-monitor', publish: [...ASK, 'desk.events.sla.>'], subscribe: HEAR },
  { name: 'cli', publish: ASK, subscribe: HEAR },
];

export const NATS_ADMIN = 'admin';
export const NATS_USER_NAMES = [NATS_ADMIN, ...NATS_USERS.map(({ name }) => name)];
