import { describe, expect, it } from '@jest/globals';
import { closedFolderAbove } from './server-account.js';
import { readLine } from './service-log.js';
import { pauseBeforeRestartMs } from './supervised-process.js';

describe('the pause before a restart', () => {
  it('begins at 200 ms, doubles, and stays at 5 s', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(pauseBeforeRestartMs)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });
});

describe('a line of a log', () => {
  it('is told in short with its level and error', () => {
    expect(readLine('{"level":50,"msg":"no relay","err":{"message":"refused"}}')).toEqual({
      level: 50,
      text: 'no relay: refused',
    });
  });

  it.each(['plain text', '{"broken', '{"msg":"no level"}'])('is text when it is not of the logger: %s', (line) => {
    expect(readLine(line)).toEqual({ level: null, text: line });
  });
});

describe('a folder that another account may not enter', () => {
  const tree: Record<string, { uid: number; gid: number; mode: number }> = {
    '/': { uid: 0, gid: 0, mode: 0o755 },
    '/root': { uid: 0, gid: 0, mode: 0o700 },
    '/srv': { uid: 0, gid: 70, mode: 0o710 },
    '/own': { uid: 70, gid: 0, mode: 0o700 },
  };
  const closed = (path: string): string | null =>
    closedFolderAbove(path, { uid: 70, gid: 70 }, (folder) => tree[folder]);

  it('is found by the bits that count for that account', () => {
    expect(closed('/root/deskwire/x')).toBe('/root');
    expect(closed('/srv/x')).toBeNull();
    expect(closed('/own/x')).toBeNull();
    expect(closed('/x')).toBeNull();
  });
});
