import { z } from 'zod';
import { blobVariables, checkBlobSettings } from '#shared/blobs/blob-variables.js';
import { port, readConfig, serviceVariables } from '#shared/service/read-config.js';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a Postgres URL, such as postgres://deskwire_app:secret@127.0.0.1:5499/deskwire',
});

const MB = 1_024 * 1_024;
const bytes = (fallback: number) =>
  z.coerce
    .number({ error: 'must be a number of bytes' })
    .int()
    .min(1_024)
    .max(1_024 * 1_024 * MB)
    .default(fallback);

/** What runs when it is opened: programs, installers, and the scripts of Windows. `elf`, `macho` and `class` are kinds of bytes. */
const PROGRAMS =
  'ade,adp,apk,appx,appxbundle,bat,class,cmd,com,cpl,dll,elf,exe,gadget,hta,jar,js,jse,lnk,macho,msc,msi,msix,msp,mst,pif,ps1,reg,scf,scr,sct,sys,vb,vbe,vbs,wsc,wsf,wsh,xll';

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
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(6_000),
  /** Largest HTTP request body. */
  HTTP_MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576),
  /** Largest file that may be uploaded; an organisation's settings may ask for less. */
  MAX_ATTACHMENT_BYTES: bytes(25 * MB),
  /** All files of one ticket. */
  MAX_TICKET_ATTACHMENTS_BYTES: bytes(1_024 * MB),
  /** All files of one reply that goes out by mail; in the mail they are a third larger. */
  MAX_MAIL_ATTACHMENTS_BYTES: bytes(25 * MB),
  /** Files that are not taken, by extension and by what their bytes are, separated by commas. */
  REFUSED_ATTACHMENTS: z
    .string()
    .default(PROGRAMS)
    .transform((list) =>
      list
        .split(',')
        .map((one) => one.trim().toLowerCase().replace(/^\./, ''))
        .filter(Boolean),
    ),
  /** How often blobs that nobody refers to are removed; 0: never. */
  BLOB_SWEEP_HOURS: z.coerce.number().min(0).max(720).default(6),
};

export function readCoreConfig() {
  const config = readConfig(coreVariables, process.env);
  checkBlobSettings(config);
  return config;
}
export type CoreConfig = ReturnType<typeof readCoreConfig>;
