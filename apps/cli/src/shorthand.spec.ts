import { expect, it } from '@jest/globals';
import { buildProgram } from './program.js';
import { withGlobalOptionsLast } from './shorthand.js';

it.each([
  ['--json ticket list --status open', 'ticket list --status open --json'],
  ['-o yaml ticket --query items[0] ls', 'ticket ls -o yaml --query items[0]'],
  ['--output=json --no-color ticket 42', 'ticket 42 --output=json --no-color'],
  ['--json ticket create -- --output', 'ticket create --json -- --output'],
  ['--url http://desk --api-key dw_x sla breaches', 'sla breaches --url http://desk --api-key dw_x'],
  ['ticket list --json --query x', 'ticket list --json --query x'],
  ['--output', '--output'],
  ['--nonsense ticket list', '--nonsense ticket list'],
  ['--version', '--version'],
  ['', ''],
])('%j is %j', (said, meant) => {
  expect(withGlobalOptionsLast(buildProgram(), said.split(' ').filter(Boolean)).join(' ')).toBe(meant);
});
