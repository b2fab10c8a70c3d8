import { describe, expect, it } from '@jest/globals';
import { appManifest } from './manifest.view.js';
import { toYaml } from './yaml.view.js';

const yaml = (socketMode: boolean) =>
  toYaml(appManifest({ command: '/desk', requestUrl: 'https://desk.example/slack/events', socketMode }));

describe('the app manifest', () => {
  it('names the command and the one address for commands, interactions and events', () => {
    expect(yaml(false)).toContain('command: "/desk"\n');
    expect(yaml(false).match(/(request_)?url: "https:\/\/desk\.example\/slack\/events"/g)).toHaveLength(3);
    expect(yaml(false)).toContain('should_escape: true');
  });

  it('names no address in Socket Mode', () => {
    expect(yaml(true)).not.toContain('https://');
    expect(yaml(true)).toContain('socket_mode_enabled: true');
  });

  it('is YAML in block style, with lists of maps', () => {
    expect(toYaml({ a: [{ b: 'x: "y"', c: [1, true] }, 'd'], e: { f: 'g' } })).toBe(
      'a:\n  - b: "x: \\"y\\""\n    c:\n      - 1\n      - true\n  - "d"\ne:\n  f: "g"\n',
    );
  });
});
