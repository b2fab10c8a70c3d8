/** Who may say what on the bus. The embedded server and deploy/nats.conf are both written from this one table. */
export interface NatsUser {
  readonly name: string;
  readonly publish: readonly string[];
  /** Taken out of what `publish` allows. */
  readonly mayNotPublish?: readonly string[];
  readonly subscribe: readonly string[];
}

/** Asking the core: what every service does. */
const ASK = ['desk.core.>'];
/** What only who runs the desk may ask, at the command line: it is beyond any organisation. */
const OPERATOR_ONLY = ['desk.core.organisations.create', 'desk.core.organisations.list'];
const HEAR = ['_INBOX.>', 'desk.hints.>'];
/** Reading the event stream: consumers of one's own, and acknowledging. Nobody but the core may change the stream. */
const READ_EVENTS = [
  '$JS.API.INFO',
  '$JS.API.STREAM.INFO.DESK_EVENTS',
  '$JS.API.CONSUMER.CREATE.DESK_EVENTS.>',
  '$JS.API.CONSUMER.DURABLE.CREATE.DESK_EVENTS.>',
  '$JS.API.CONSUMER.INFO.DESK_EVENTS.>',
  '$JS.API.CONSUMER.MSG.NEXT.DESK_EVENTS.>',
  '$JS.ACK.DESK_EVENTS.>',
];

/**
 * The services and the command line, each with no more than it needs. `admin` (all of it) is apart. The core looks up every
 * agent and contact that a request says it is from; a request of kind `system` it takes for one of ours, so whoever is in
 * this table may say that: all of them do, each at its own work.
 */
export const NATS_USERS: readonly NatsUser[] = [
  {
    name: 'ticket-core',
    publish: [
      'desk.events.>',
      'desk.hints.>',
      '_INBOX.>',
      '$JS.API.INFO',
      '$JS.API.STREAM.CREATE.DESK_EVENTS',
      '$JS.API.STREAM.UPDATE.DESK_EVENTS',
      '$JS.API.STREAM.INFO.DESK_EVENTS',
    ],
    subscribe: ['desk.core.>', 'desk.hints.>', '_INBOX.>'],
  },
  { name: 'mail-intake', publish: ASK, mayNotPublish: OPERATOR_ONLY, subscribe: HEAR },
  { name: 'slack-bot', publish: [...ASK, ...READ_EVENTS], mayNotPublish: OPERATOR_ONLY, subscribe: HEAR },
  {
    name: 'sla-monitor',
    publish: [...ASK, 'desk.events.sla.>'],
    mayNotPublish: OPERATOR_ONLY,
    subscribe: HEAR,
  },
  { name: 'cli', publish: ASK, subscribe: HEAR },
];

export const NATS_ADMIN = 'admin';
export const NATS_USER_NAMES = [NATS_ADMIN, ...NATS_USERS.map(({ name }) => name)];
