import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { number } from '../desk/fields.js';
import { named } from '../desk/who-is-meant.js';

interface Key {
  id: string;
  name: string;
  prefix: string;
}

interface Options {
  overlapMinutes?: string;
  expiresInDays?: string;
  expiresAt?: string;
}

/** `deskwire key rotate`: a new key in place of an old one, with the same rights. */
export function addRotateKey(key: Command): void {
  const rotate = deskCommand<Options>(
    key,
    'rotate',
    'replace a key by a new one with the same rights',
    async (desk, [name], { overlapMinutes, expiresInDays, expiresAt }) => {
      const { id } = await named<Key>(desk.api, '/keys', name!, 'API key', (one) => [one.name, one.prefix]);
      const made = await desk.api.post<Key & { key: string }>(`/keys/${id}/rotate`, {
        ...(overlapMinutes !== undefined && { overlapMinutes: number(overlapMinutes, '--overlap-minutes') }),
        ...(expiresInDays !== undefined && { expiresInDays: number(expiresInDays, '--expires-in-days') }),
        ...(expiresAt !== undefined && { expiresAt }),
      });
      await desk.out.one(made, () => `${made.key}\nThis is shown only now: keep it somewhere safe.`);
    },
  );
  rotate
    .argument('<name>', 'id or name of the API key')
    .option('--overlap-minutes <n>', 'for so long the old one still works (0 unless told)')
    .option('--expires-in-days <n>', 'after which the new one is of no use')
    .option('--expires-at <instant>', 'or the instant itself');
  withCommonOptions(rotate);
}
