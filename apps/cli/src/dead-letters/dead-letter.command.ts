import type { Command } from 'commander';
import type { listDeadLetters } from '#shared/contracts/dead-letters.js';
import type { ReplyOf } from '#shared/contracts/contract.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { orProblem, type OutputChoice, outputOf, withOutputOptions } from '../desk/desk-command.js';
import { number } from '../desk/fields.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import { withCore } from './core-over-nats.js';

type DeadLetter = ReplyOf<typeof listDeadLetters>['items'][number];

const COLUMNS: Column<DeadLetter>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'DIED', of: ({ diedAt }, nowMs) => agoOf(diedAt, nowMs) },
  { title: 'CONSUMER', of: ({ consumer }) => consumer },
  { title: 'TRIES', of: ({ attempts }) => String(attempts), right: true },
  { title: 'ERROR', of: ({ error }) => error, flexible: true },
  { title: 'REPLAYED', of: ({ replayedAt }, nowMs) => agoOf(replayedAt, nowMs), ifAny: true },
  { title: 'SUBJECT', of: ({ subject }) => subject, wide: true },
  { title: 'AT', of: ({ diedAt }) => diedAt, wide: true },
];

/** `deskwire dead-letter list|replay`: events that a service gave up on, and trying them again once the reason is mended. */
export function addDeadLetterCommand(program: Command): void {
  const deadLetter = program
    .command('dead-letter')
    .alias('dead-letters')
    .description('events that a service gave up on: list, replay');

  const list = deadLetter
    .command('list')
    .alias('ls')
    .description('show the newest ones, with the reason')
    .option('--limit <n>', 'how many', '20')
    .action((options: OutputChoice & { limit: string }) =>
      orProblem(async () => {
        const limit = number(options.limit, '--limit');
        const { listDeadLetters: contract } = await import('#shared/contracts/dead-letters.js');
        const answer = await withCore((core: ContractClient) => core.request(contract, { limit }));
        await outputOf(options).list(answer, COLUMNS, 'No event was given up on.');
      }),
    );
  withOutputOptions(list);

  deadLetter
    .command('replay')
    .description('publish one again, for the consumer that gave up on it')
    .argument('<id>', 'as `list` shows it')
    .action((id: string) =>
      orProblem(async () => {
        const { replayDeadLetter } = await import('#shared/contracts/dead-letters.js');
        await withCore((core: ContractClient) => core.request(replayDeadLetter, { id }));
        process.stdout.write(`Published again: ${id}\n`);
      }),
    );
}
