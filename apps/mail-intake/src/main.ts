import { startService } from '#shared/service/start-service.js';
import { readMailIntakeConfig } from './config.js';
import { MailIntakeModule } from './mail-intake.module.js';

await startService({
  name: 'mail-intake',
  readConfig: () => readMailIntakeConfig(),
  httpPort: ({ MAIL_HTTP_PORT }) => MAIL_HTTP_PORT,
  module: (config, parts) => MailIntakeModule.with(config, parts),
});
