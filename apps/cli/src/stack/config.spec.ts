import { describe, expect, it } from '@jest/globals';
import { portsInUse, readStackConfig } from './config.js';

describe('the configuration of the stack', () => {
  it('has the documented defaults', () => {
    const config = readStackConfig({});
    expect(config).toMatchObject({
      CORE_HTTP_PORT: 3000,
      SLACK_HTTP_PORT: 3001,
      PLAYGROUND_PORT: 3002,
      SMTP_PORT: 2525,
      POSTGRES_PORT: 5499,
      NATS_PORT: 4299,
      LISTEN_HOST: '127.0.0.1',
      MAIL_DOMAIN: 'acme.test',
      SLACK_TRIAGE_CHANNEL: 'support-triage',
      SLACK_ALERTS_CHANNEL: 'sla-alerts',
      playground: true,
      playgroundSlack: true,
    });
    expect(config.home).toMatch(/\/\.deskwire$/);
  });

  it.each([
    [{ CORE_HTTP_PORT: 'abc' }, 'CORE_HTTP_PORT is "abc": it must be a port, 1 to 65535.'],
    [{ SMTP_PORT: '70000' }, 'SMTP_PORT is "70000": it must be a port, 1 to 65535.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": it must be trace'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is "mysql://x": it must be a URL like postgres://'],
    [{ DESKWIRE_PLAYGROUND: 'no' }, 'DESKWIRE_PLAYGROUND is "no": it must be 1 or 0.'],
    [{ SMTP_PORT: '4000', NATS_PORT: '4000' }, 'SMTP_PORT and NATS_PORT are both 4000: change one of them.'],
    [{ SLACK_API_URL: 'http://127.0.0.1:9/api/' }, 'SLACK_BOT_TOKEN must be set too'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_SIGNING_SECRET must be set too'],
  ])('refuses %j', (env, sentence) => {
    expect(() => readStackConfig(env)).toThrow(sentence);
  });

  it('names every wrong variable at once', () => {
    expect(() => readStackConfig({ SMTP_PORT: 'x', NATS_URL: 'y' })).toThrow(/SMTP_PORT[^]*NATS_URL/);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readStackConfig({ SMTP_PORT: '', DATABASE_URL: '' })).toMatchObject({ SMTP_PORT: 2525 });
  });

  it('uses the Slack that the user names', () => {
    const env = { SLACK_API_URL: 'http://127.0.0.1:9/api/', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' };
    expect(readStackConfig(env).playgroundSlack).toBe(false);
  });

  it('checks no port of a server that is not ours', () => {
    const variables = (env: Record<string, string>): string[] =>
      portsInUse(readStackConfig(env)).map(({ variable }) => variable);
    expect(variables({})).toEqual(expect.arrayContaining(['POSTGRES_PORT', 'NATS_PORT', 'PLAYGROUND_PORT']));
    const others = variables({ DATABASE_URL: 'postgres://a@b/c', NATS_URL: 'nats://x', DESKWIRE_PLAYGROUND: '0' });
    expect(others).not.toEqual(expect.arrayContaining(['POSTGRES_PORT']));
    expect(others).toEqual(['CORE_HTTP_PORT', 'SMTP_PORT', 'MAIL_HTTP_PORT', 'SLA_HTTP_PORT', 'SLACK_HTTP_PORT']);
  });

  it('hands on what the user set, but neither the database owner nor npm’s own variables', () => {
    const { inherited } = readStackConfig({ OTEL_X: '1', npm_config_y: '2', DATABASE_URL: 'postgres://owner@h/d' });
    expect(inherited).toEqual({ OTEL_X: '1' });
  });
});
