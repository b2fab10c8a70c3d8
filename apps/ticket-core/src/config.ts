import { z } from 'zod';
import { blobVariables } from '#shared/blobs/blob-variables.js';
import { port, readConfig, serviceVariables } from '#shared/service/read-config.js';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a Postgres URL, such as postgres://deskwire_app:secret@127.0.0.1:5499/deskwire',
});

export const coreVariables = {
  ...serviceVariables,
  ...blobVariables,
  /** The HTTP API and its documentation. */
  CORE_HTTP_PORT: port(3000),
  /** Logs in as deskwire_app: one tenant at a time, behind row-level security. */
  DATABASE_APP_URL: postgresUrl,
  /** Logs in as deskwire_worker: accepting mail, claims and the outbox relay, across tenants. */
  DATABASE_WORKER_URL: postgresUrl,
  /** Connections to Postgres as deskwire_app, and as deskwire_worker. */
  DATABASE_APP_POOL: z.coerce.number().int().min(1).max(200).default(12),
  DATABASE_WORKER_POOL: z.coerce.number().int().min(1).max(50).default(5),
  /** Requests a minute and API key, of each process; 0: no limit. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(1_200),
  /** Largest HTTP request body. */
  HTTP_MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576),
};

export const readCoreConfig = () => readConfig(coreVariables, process.env);
export type CoreConfig = ReturnType<typeof readCoreConfig>;
