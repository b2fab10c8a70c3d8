import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './running-process.js';
import { type ProcessPlan, SupervisedProcess } from './supervised-process.js';

const started: SupervisedProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(async (one) => one.stop()));
});

/** A child of one line of JavaScript; it is ready when it has printed `up`. */
function supervise(script: string, overrides: Partial<ProcessPlan> = {}): { child: SupervisedProcess; told: string[] } {
  const told: string[] = [];
  let up = false;
  let last = '';
  const plan: ProcessPlan = {
    name: 'child',
    env: {},
    prepare: async () => {
      up = false;
      return Promise.resolve({ command: process.execPath, args: ['-e', script] });
    },
    output: {
      line: (line) => {
        last = line;
        up ||= line === 'up';
      },
    },
    lastWords: () => last,
    isReady: async () => Promise.resolve(up),
    readyWithinMs: 10_000,
    stopSteps: [
      ['SIGTERM', 500],
      ['SIGKILL', 2_000],
    ],
    ...overrides,
  };
  const child = new SupervisedProcess(plan, {
    exited: (_name, how) => told.push(how),
    readyAgain: () => told.push('back'),
  });
  started.push(child);
  return { child, told };
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !condition(); await sleep(20)) {
    if (Date.now() > end) throw new Error('it did not come to that within 10 s');
  }
}

const UP = "console.log('up'); setInterval(() => {}, 1000)";

describe('a supervised process', () => {
  it('is started again when it is killed, and says so', async () => {
    const { child, told } = supervise(UP);
    await child.start();
    const first = child.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await until(() => told.includes('back'));
    expect(told).toEqual(['was ended by SIGKILL.', 'back']);
    expect(child.pid).not.toBe(first);
  });

  it('is ended for good by stop, even when it does not listen', async () => {
    const { child, told } = supervise(`process.on('SIGTERM', () => {}); ${UP}`);
    await child.start();
    const pid = child.pid ?? 0;
    await child.stop();
    expect(isRunning(pid)).toBe(false);
    expect(told).toEqual([]);
  });

  it('gives up after three tries when it never was ready, with its last words', async () => {
    const { child, told } = supervise("console.log('no disk'); process.exit(3)");
    await expect(child.start()).rejects.toThrow('child does not start: it exited with code 3. It said: “no disk”.');
    expect(told).toHaveLength(2);
  });

  it('does not try again when the configuration is wrong (exit code 78)', async () => {
    const { child, told } = supervise("console.error('SMTP_PORT is bad'); process.exit(78)");
    await expect(child.start()).rejects.toThrow('SMTP_PORT is bad');
    expect(told).toEqual([]);
  });

  it('says which program is missing', async () => {
    const missing = async () => Promise.resolve({ command: '/nowhere/nats-server', args: [] });
    await expect(supervise('', { prepare: missing }).child.start()).rejects.toThrow('could not be started');
  });

  it('is ended when it is not ready in time', async () => {
    const { child } = supervise('setInterval(() => {}, 1000)', { readyWithinMs: 300 });
    await expect(child.start()).rejects.toThrow('child was not ready within 0.3 s.');
    expect(child.pid).toBeUndefined();
  });

  it('stays down while it is held', async () => {
    let held = false;
    const { child, told } = supervise(UP, { isHeld: () => held });
    await child.start();
    held = true;
    process.kill(child.pid ?? 0, 'SIGKILL');
    await until(() => told.length === 1);
    await sleep(600);
    expect(child.pid).toBeUndefined();
    held = false;
    await until(() => told.includes('back'));
  });
});
