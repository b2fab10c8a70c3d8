// The playground's Slack, in a process that is no part of the stack that is measured.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, port, smtpPort, slackHttpPort] = process.argv.slice(2);
const env = {
  SLACK_BOT_TOKEN: 'xoxb-bench',
  SLACK_SIGNING_SECRET: 'bench-signing-secret',
  SLACK_API_URL: `http://127.0.0.1:${port}/slack/api/`,
};
Object.assign(process.env, env, {
  PLAYGROUND_PORT: port,
  PLAYGROUND_SMTP_PORT: smtpPort,
  SLACK_EVENTS_URL: `http://127.0.0.1:${slackHttpPort}/slack/events`,
  // The bench posts more cards a minute than Slack lets into one channel.
  PLAYGROUND_RATE_LIMITS: '0',
  LOG_LEVEL: 'warn',
});
process.on('disconnect', () => process.exit());
await import(pathToFileURL(join(root, 'dist/apps/playground/src/main.js')).href);
for (;;) {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
  if (answer?.ok) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
process.send({ env, url: `http://127.0.0.1:${port}` });
