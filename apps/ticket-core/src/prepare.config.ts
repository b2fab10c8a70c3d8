import { z } from 'zod';
import { readConfig } from '#shared/service/read-config.js';

/** What the release step needs; the service itself never gets the owner's URL. */
export const readPrepareConfig = () =>
  readConfig(
    {
      /** The owner of the schema. */
      DATABASE_URL: z.string().min(1),
      DATABASE_APP_URL: z.string().min(1),
      DATABASE_WORKER_URL: z.string().min(1),
      /** `acme`: seed the organisation Acme with its agents, a key and the default policies. */
      SEED_ORGANISATION: z.literal('acme').optional(),
      SEED_API_KEY: z.string().min(20).optional(),
      MAIL_DOMAIN: z.string().min(1).default('acme.test'),
    },
    process.env,
  );
