import { pino } from 'pino';
import { readConfig } from './config.js';
import { startPlayground } from './start-playground.js';

const log = pino({ name: 'playground', level: 'info' });

try {
  const config = readConfig();
  log.level = config.LOG_LEVEL;
  const running = await startPlayground(config, log);
  log.info({ url: running.url, smtpPort: running.smtpPort, eventsUrl: config.SLACK_EVENTS_URL }, 'listening');
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping');
    running.close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
