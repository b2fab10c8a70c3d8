import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Contract } from '#shared/contracts/contract.js';
import { recordDeadLetter } from '#shared/contracts/dead-letters.js';
import { NATS_USERS } from './nats-permissions.js';

const ROOT = join(import.meta.dirname, '../../../..');

/** The subjects of all contracts that the sources of a service import by name. */
async function asked(service: string): Promise<string[]> {
  const subjects = new Set<string>();
  for (const file of globSync(`apps/${service}/src/**/*.ts`, { cwd: ROOT })) {
    if (file.endsWith('.spec.ts') || file.includes('/testing/')) continue;
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, names, from] of text.matchAll(/^import \{([^}]+)\} from '(#shared\/contracts\/[a-z-]+\.js)'/gm)) {
      const module = (await import(from!)) as Record<string, Partial<Contract>>;
      for (const name of names!.split(',').map((one) => one.trim().split(' as ')[0]!)) {
        const { subject } = module[name] ?? {};
        if (subject?.startsWith('desk.core.')) subjects.add(subject);
      }
    }
  }
  return [...subjects].sort();
}

describe('what a service may ask the core', () => {
  it.each([
    ['mail-intake', []],
    ['sla-monitor', []],
    // What an event's handler gave up on is recorded by libs/shared.
    ['slack-bot', [recordDeadLetter.subject]],
  ])('%s: what its sources ask, and nothing else', async (service, byLibrary) => {
    const { publish } = NATS_USERS.find(({ name }) => name === service)!;
    const may = publish.filter((subject) => subject.startsWith('desk.core.')).sort();
    expect(may.length).toBeGreaterThan(2);
    expect(may).toEqual([...(await asked(service)), ...byLibrary].sort());
  });

  it('is named, contract by contract', () => {
    for (const { name, publish, subscribe } of NATS_USERS) {
      expect([name, publish.filter((subject) => /^desk\.core\..*[*>]/.test(subject))]).toEqual([name, []]);
      expect([name, subscribe.includes('_INBOX.>')]).toEqual([name, false]);
    }
  });
});
