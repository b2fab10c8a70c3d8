import { startService } from '#shared/service/start-service.js';
import { readSlackConfig } from './config.js';
import { SlackBotModule } from './slack-bot.module.js';

await startService({
  name: 'slack-bot',
  readConfig: () => readSlackConfig(),
  httpPort: (config) => config.SLACK_HTTP_PORT,
  module: (config, parts) => SlackBotModule.with(config, parts),
  hearsEvents: true,
  http: () => ({ rawBody: true }),
});
