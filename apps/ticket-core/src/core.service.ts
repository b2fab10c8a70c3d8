import type { ServiceDefinition } from '#shared/service/start-service.js';
import { leaveUploadsInStream } from './attachments/take-upload-body.js';
import { type CoreConfig, readCoreConfig } from './config.js';
import { CoreModule } from './core.module.js';
import { missingMigrations } from './database/migrate.js';
import { serveApiDocs } from './http/api-docs.js';
import { takeJsonOnly } from './http/json-only.js';
import { serveRateLimits } from './http/serve-rate-limits.js';
import { serveTrpc } from './trpc/serve-trpc.js';

/** 256 kbit/s: a file of 25 MB has 14 minutes. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 32;

/** The service as `main.ts` runs it and as the tests build it. */
export const coreService: ServiceDefinition<CoreConfig> = {
  name: 'ticket-core',
  readConfig: readCoreConfig,
  httpPort: (config) => config.CORE_HTTP_PORT,
  answersRequests: true,
  http: (config) => ({
    bodyLimitBytes: config.HTTP_MAX_BODY_BYTES,
    requestTimeoutMs: Math.max(60_000, config.MAX_ATTACHMENT_BYTES / SLOWEST_UPLOAD_BYTES_PER_MS),
  }),
  module: async (config, parts) => {
    const missing = await missingMigrations(config.DATABASE_APP_URL);
    if (missing.length > 0) {
      parts.log.fatal(
        { missing },
        'The schema is behind: run the release step (node dist/apps/ticket-core/src/prepare.js) first',
      );
      process.exit(78); // EX_CONFIG (sysexits.h): starting it again will not help.
    }
    return CoreModule.with(config, parts);
  },
  prepare: async (app, config) => {
    await serveRateLimits(app, config.RATE_LIMIT_PER_MINUTE);
    takeJsonOnly(app);
    leaveUploadsInStream(app);
    serveApiDocs(app);
    await serveTrpc(app);
  },
};
