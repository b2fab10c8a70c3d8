import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig as readPlaygroundConfig } from '../apps/playground/src/config.js';
import { readStackConfig } from '../apps/cli/src/stack/config.js';
import { NATS_USER_NAMES } from '../apps/cli/src/stack/nats-permissions.js';
import { readMailIntakeConfig } from '../apps/mail-intake/src/config.js';
import { readSlackConfig } from '../apps/slack-bot/src/config.js';
import { monitorVariables } from '../apps/sla-monitor/src/config.js';
import { coreVariables } from '../apps/ticket-core/src/config.js';
import { deployedNatsConf, DEPLOYED_NATS_CONF, natsPasswordVariable } from '../scripts/deploy-nats-conf.js';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Variables that a file which reads the environment declares: keys in capitals of its zod shapes. */
const declaredIn = (path: string): string[] =>
  [...read(path).matchAll(/^\s+([A-Z][A-Z0-9_]{2,}): [a-z]/gm)].map(([, name]) => name!);

const EVERY_SERVICE = 'libs/shared/src/service/read-config.ts';
const BLOBS = 'libs/shared/src/blobs/blob-variables.ts';
const KNOWN_BY: Record<string, string[]> = Object.fromEntries(
  Object.entries({
    prepare: ['apps/ticket-core/src/prepare.config.ts'],
    'ticket-core': ['apps/ticket-core/src/config.ts', EVERY_SERVICE, BLOBS],
    'mail-intake': ['apps/mail-intake/src/config.ts', EVERY_SERVICE, BLOBS],
    'sla-monitor': ['apps/sla-monitor/src/config.ts', EVERY_SERVICE],
    'slack-bot': ['apps/slack-bot/src/config.ts', EVERY_SERVICE],
    playground: ['apps/playground/src/config.ts'],
    start: ['apps/cli/src/stack/config.ts'],
  }).map(([name, files]) => [name, files.flatMap(declaredIn)]),
);
const known = new Set(Object.values(KNOWN_BY).flat());

interface ComposeService {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  profiles?: string[];
}
interface Compose {
  services: Record<string, ComposeService>;
  volumes: object;
  networks: object;
}
const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as Compose;
const OURS = ['prepare', 'ticket-core', 'mail-intake', 'sla-monitor', 'slack-bot'];
const interpolated = new Set([...composeText.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name!));

/** `NAME=value` lines; a commented one shows the default. */
const example = [...read('.env.example').matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, hash, name, value]) => ({
  name: name!,
  value: value!,
  isDefault: hash === '#',
}));

describe('.env.example', () => {
  it('explains every variable that a service, the release step or npm start reads, once', () => {
    const names = example.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect([...known].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('explains every variable that docker-compose.yml asks for, and none that nobody reads', () => {
    const names = example.map(({ name }) => name);
    expect([...interpolated].filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !known.has(name) && !interpolated.has(name))).toEqual([]);
  });

  it('has a comment above each group of variables', () => {
    const lines = read('.env.example').split('\n');
    const isVariable = (line: string | undefined) => /^#?[A-Z][A-Z0-9_]*=/.test(line ?? '');
    const bare = lines.filter(
      (line, at) => isVariable(line) && !lines[at - 1]?.startsWith('#') && !isVariable(lines[at - 1]),
    );
    expect(bare).toEqual([]);
  });

  it('shows the defaults that the services have', () => {
    const secrets = { REPLY_ADDRESS_SECRET: 'x'.repeat(32), SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '1' };
    const configs: Record<string, unknown>[] = [
      defaultsOf({ ...coreVariables }),
      defaultsOf({ ...monitorVariables }),
      readMailIntakeConfig(secrets),
      readSlackConfig(secrets),
      readPlaygroundConfig({}),
      { ...readStackConfig({}) },
    ];
    const shown = example.filter(({ isDefault, value }) => isDefault && value !== '');
    const wrong = shown.filter(({ name, value }) => {
      const defaults = configs.flatMap((config) => (config[name] === undefined ? [] : [asWritten(config[name])]));
      return !defaults.includes(value) && !composeText.includes(`\${${name}:-${value}}`);
    });
    expect(wrong).toEqual([]);
    expect(shown.length).toBeGreaterThan(30);
  });

  it('knows the variables that the services’ own schemas name', () => {
    expect(KNOWN_BY['ticket-core']).toEqual(expect.arrayContaining(Object.keys(coreVariables)));
    expect(KNOWN_BY['sla-monitor']).toEqual(expect.arrayContaining(Object.keys(monitorVariables)));
    expect(KNOWN_BY['slack-bot']).toEqual(
      expect.arrayContaining(Object.keys(readSlackConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '1' }))),
    );
    expect(KNOWN_BY['playground']).toEqual(expect.arrayContaining(Object.keys(readPlaygroundConfig({}))));
  });
});

describe('docker-compose.yml', () => {
  it.each(OURS)('passes %s only variables that it knows', (name) => {
    const passed = Object.keys(compose.services[name]?.environment ?? {});
    expect(passed.length).toBeGreaterThan(1);
    expect(passed.filter((variable) => !KNOWN_BY[name]?.includes(variable))).toEqual([]);
  });

  it.each(OURS)('passes %s every variable that it knows, but for what the image fixes', (name) => {
    const fixed = [/_PORT$/, /^LISTEN_HOST$/, /^BLOB_DIR$/];
    const passed = Object.keys(compose.services[name]?.environment ?? {});
    const missing = KNOWN_BY[name]?.filter((one) => !passed.includes(one) && !fixed.some((rule) => rule.test(one)));
    expect(missing).toEqual([]);
  });

  it('runs programs that the build makes', () => {
    for (const name of OURS) {
      const [program, script] = compose.services[name]?.command ?? [];
      expect(program).toBe('node');
      expect(read(script!.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).not.toBe('');
    }
  });

  it('gives the database only to the core and the release step, and the owner’s login only to the release step', () => {
    const servicesOn = (network: string) =>
      Object.entries(compose.services).flatMap(([name, one]) => (one.networks?.includes(network) ? [name] : []));
    expect(servicesOn('data').sort()).toEqual(['postgres', 'prepare', 'ticket-core']);
    const owners = Object.entries(compose.services).filter(([, one]) =>
      JSON.stringify(one.environment ?? {}).includes('POSTGRES_PASSWORD'),
    );
    expect(owners.map(([name]) => name)).toEqual(['postgres', 'prepare']);
  });

  it('publishes on 127.0.0.1 unless a variable says otherwise', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    expect(published).toHaveLength(4);
    for (const port of published) expect(port).toMatch(/^\$\{PUBLISH_[A-Z]+:-127\.0\.0\.1:\d+\}:\d+$/);
  });

  it('waits for what must be there first, and names only services, volumes and networks that exist', () => {
    expect(compose.services['ticket-core']?.depends_on?.['prepare']).toEqual({
      condition: 'service_completed_successfully',
    });
    for (const one of Object.values(compose.services)) {
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(one.depends_on ?? {})));
      expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(one.networks ?? []));
      const named = (one.volumes ?? [])
        .map((volume) => volume.split(':')[0]!)
        .filter((volume) => !/^[./]/.test(volume));
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named));
    }
  });

  it('shares the blobs between the core and the intake', () => {
    for (const name of ['ticket-core', 'mail-intake']) expect(compose.services[name]?.volumes).toContain('blobs:/data');
    expect(read('Dockerfile')).toContain('BLOB_DIR=/data/blobs');
  });

  it('lets nobody start without a password', () => {
    const secret = /PASSWORD|_SECRET$|BOT_TOKEN/;
    const open = [...composeText.matchAll(/\$\{([A-Z][A-Z0-9_]*)(:\?[^}]+)?/g)].filter(
      ([, name, required]) => secret.test(name!) && name !== 'SLACK_SIGNING_SECRET' && required === undefined,
    );
    expect(open.map(([, name]) => name)).toEqual([]);
  });
});

describe('deploy/nats.conf', () => {
  it('is what the table of permissions says (else: npm run -s deploy:nats)', () => {
    expect(readFileSync(DEPLOYED_NATS_CONF, 'utf8')).toBe(deployedNatsConf());
  });

  it('finds every password in the environment that compose gives to NATS', () => {
    const given = Object.keys(compose.services['nats']?.environment ?? {});
    expect(given.sort()).toEqual(NATS_USER_NAMES.map(natsPasswordVariable).sort());
  });

  it('has a user for every service that logs in', () => {
    const users = Object.values(compose.services)
      .flatMap(({ environment }) => environment?.['NATS_URL'] ?? [])
      .map((url) => /^nats:\/\/([a-z-]+):\$\{NATS_PASSWORD_([A-Z_]+):/.exec(url));
    expect(users).toHaveLength(4);
    for (const user of users) {
      expect(NATS_USER_NAMES).toContain(user?.[1]);
      expect(natsPasswordVariable(user![1]!)).toBe(`NATS_PASSWORD_${user![2]}`);
    }
  });
});

describe('the image', () => {
  it('is built from files that the builder is sent', () => {
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
      names!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((name) => !sent.includes(name))).toEqual([]);
    const there = readdirSync(root, { recursive: false, encoding: 'utf8' });
    expect(copied.filter((name) => !there.includes(name.split('/')[0]!))).toEqual([]);
  });
});

function defaultsOf(shape: Record<string, { safeParse(input: unknown): { success: boolean; data?: unknown } }>) {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.safeParse(undefined).data]));
}

function asWritten(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
