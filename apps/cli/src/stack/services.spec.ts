import { describe, expect, it } from '@jest/globals';
import { addressesOf } from './addresses.js';
import { readStackConfig } from './config.js';
import type { Secrets } from './secrets.js';
import { servicesOf } from './services.js';

const secrets: Secrets = {
  postgresPassword: 'owner-password',
  databaseAppPassword: 'app-password',
  databaseWorkerPassword: 'worker-password',
  natsPasswords: {
    'ticket-core': 'n1',
    'mail-intake': 'n2',
    'slack-bot': 'n3',
    'sla-monitor': 'n4',
    cli: 'n5',
    admin: 'n6',
  },
  apiKey: 'dw_key',
  replyAddressSecret: 'reply-secret',
  slackBotToken: 'xoxb-made',
  slackSigningSecret: 'made-secret',
};

function environments(env: Record<string, string>): Record<string, Readonly<Record<string, string>>> {
  const config = readStackConfig(env);
  const services = servicesOf(config, secrets, addressesOf(config, secrets));
  return Object.fromEntries(services.map((service) => [service.name, service.env]));
}

describe('the environment of the services', () => {
  it('gives the database to the core alone, and the owner’s password to nobody', () => {
    const all = environments({});
    expect(Object.keys(all)).toEqual(['ticket-core', 'mail-intake', 'sla-monitor', 'slack-bot', 'playground']);
    expect(all['ticket-core']?.['DATABASE_APP_URL']).toBe(
      'postgres://deskwire_app:app-password@127.0.0.1:5499/deskwire',
    );
    expect(JSON.stringify(all)).not.toContain('owner-password');
    const { 'ticket-core': _core, ...others } = all;
    expect(JSON.stringify(others)).not.toMatch(/app-password|worker-password|DATABASE/);
  });

  it('lets each service speak on the bus as itself', () => {
    const all = environments({});
    expect(all['mail-intake']?.['NATS_URL']).toBe('nats://mail-intake:n2@127.0.0.1:4299');
    expect(all['slack-bot']?.['NATS_URL']).toBe('nats://slack-bot:n3@127.0.0.1:4299');
    expect(all['playground']).not.toHaveProperty('NATS_URL');
  });

  it('points Slack and outgoing mail at the playground unless the user names others', () => {
    const own = environments({});
    expect(own['slack-bot']).toMatchObject({
      SLACK_API_URL: 'http://127.0.0.1:3002/slack/api/',
      SLACK_BOT_TOKEN: 'xoxb-made',
    });
    expect(own['mail-intake']?.['SMTP_RELAY_URL']).toBe('smtp://127.0.0.1:2526');
    const real = environments({
      SLACK_BOT_TOKEN: 'xoxb-real',
      SLACK_SIGNING_SECRET: 'real-secret',
      SMTP_RELAY_URL: 'smtp://relay.example:25',
    });
    expect(real['slack-bot']).toMatchObject({ SLACK_BOT_TOKEN: 'xoxb-real', SLACK_SIGNING_SECRET: 'real-secret' });
    expect(real['slack-bot']).not.toHaveProperty('SLACK_API_URL');
    expect(real['mail-intake']?.['SMTP_RELAY_URL']).toBe('smtp://relay.example:25');
    expect(real['playground']?.['SLACK_BOT_TOKEN']).toBe('xoxb-made');
  });

  it('leaves the playground out when asked to', () => {
    expect(environments({ DESKWIRE_PLAYGROUND: '0' })).not.toHaveProperty('playground');
  });
});
