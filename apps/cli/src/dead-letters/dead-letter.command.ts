import type { Command } from 'commander';
import { listDeadLetters, replayDeadLetter } from '#shared/contracts/dead-letters.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { readBusConfig } from './config.js';

/** `deskwire dead-letter list|replay`: events that a service gave up on, and trying them again once the reason is mended. */
export function addDeadLetterCommand(program: Command): void {
  const deadLetter = program.command('dead-letter').description('events that a service gave up on');

  deadLetter
    .command('list')
    .description('show the newest ones, with the reason')
    .option('--limit <n>', 'how many', '20')
    .option('--json', 'one JSON object a line', false)
    .action(({ limit, json }: { limit: string; json: boolean }) =>
      withCore(async (core) => {
        const { items } = await core.request(listDeadLetters, { limit: Number(limit) });
        if (items.length === 0 && !json) process.stdout.write('No event was given up on.\n');
        for (const item of items) {
          const state = item.replayedAt ? `replayed ${item.replayedAt}` : `after ${item.attempts} tries`;
          const line = `${item.id}  ${item.diedAt}  ${item.consumer}  ${item.subject}  (${state})\n    ${item.error}`;
          process.stdout.write(`${json ? JSON.stringify(item) : line}\n`);
        }
      }),
    );

  deadLetter
    .command('replay')
    .description('publish one again, for the consumer that gave up on it')
    .argument('<id>', 'as `list` shows it')
    .action((id: string) =>
      withCore(async (core) => {
        await core.request(replayDeadLetter, { id });
        process.stdout.write(`Published again: ${id}\n`);
      }),
    );
}

async function withCore(work: (core: ContractClient) => Promise<void>): Promise<void> {
  const [{ connect }, { ContractClient }, { readNatsUrl }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('#shared/messaging/contract-client.js'),
    import('#shared/messaging/connect-nats.js'),
  ]);
  try {
    const nats = await connect({ ...readNatsUrl(await readBusConfig()), name: 'deskwire-cli', timeout: 3_000 });
    try {
      await work(new ContractClient(nats));
    } finally {
      await nats.drain();
    }
  } catch (error) {
    const why = error instanceof DeskError ? error.message : `NATS cannot be reached (${(error as Error).message})`;
    process.stderr.write(`${why}\n`);
    process.exitCode = 1;
  }
}
