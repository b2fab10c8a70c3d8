import { NATS_ADMIN, NATS_USERS } from './nats-permissions.js';

export interface NatsConfSettings {
  /** `127.0.0.1:4299` */
  readonly listen: string;
  readonly storeFolder: string;
  readonly maxMemory: string;
  readonly maxFile: string;
  /** As it is to be written: a quoted password, or `$NATS_PASSWORD_TICKET_CORE` for one from the environment. */
  readonly passwordOf: (user: string) => string;
}

/** A configuration for nats-server 2.9 and later: JetStream, and one user a service with least permissions. */
export function natsConf(settings: NatsConfSettings): string {
  const list = (subjects: readonly string[]): string =>
    `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;
  const users = NATS_USERS.map(
    ({ name, publish, subscribe }) => `    {
      user: ${JSON.stringify(name)}, password: ${settings.passwordOf(name)}
      permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} }
    }`,
  );
  return `# Written by Deskwire from apps/cli/src/stack/nats-permissions.ts.
server_name: "deskwire"
listen: ${JSON.stringify(settings.listen)}
jetstream {
  store_dir: ${JSON.stringify(settings.storeFolder)}
  max_memory_store: ${settings.maxMemory}
  max_file_store: ${settings.maxFile}
}
authorization {
  users: [
    { user: ${JSON.stringify(NATS_ADMIN)}, password: ${settings.passwordOf(NATS_ADMIN)} }
${users.join('\n')}
  ]
}
`;
}
