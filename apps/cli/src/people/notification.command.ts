import type { Command } from 'commander';
import type { NotificationView } from '#shared/contracts/notifications.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { CliProblem } from '../desk/problem.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

const COLUMNS: Column<NotificationView>[] = [
  { title: '', of: ({ readAt }) => (readAt === null ? '*' : '') },
  { title: 'WHEN', of: ({ createdAt }, nowMs) => agoOf(createdAt, nowMs) },
  { title: 'WHAT', of: ({ kind }) => kind },
  { title: 'WHO', of: ({ actor }) => actor.name },
  { title: '#', of: ({ ticket }) => String(ticket.number), right: true },
  { title: 'TEXT', of: ({ ticket, message }) => message?.excerpt || ticket.subject, flexible: true },
  { title: 'ID', of: ({ id }) => id, wide: true },
];

/** `deskwire notification …`: what you are told of. */
export function addNotificationCommand(program: Command): void {
  const notification = program
    .command('notification')
    .aliases(['notifications', 'inbox'])
    .description('mentions, tickets given to you, answers on those you watch: list, read');

  const list = deskCommand<{ unread?: boolean; limit?: string; cursor?: string }>(
    notification,
    'list',
    'show yours, the newest first; * was not read',
    async (desk, _, { unread, limit, cursor }) => {
      const query = { unread, limit, cursor };
      const answer = await desk.api.get<{ items: NotificationView[]; nextCursor: string | null; unread: number }>(
        '/notifications',
        query,
      );
      await desk.out.list(answer, COLUMNS, 'Nothing.');
      if (!desk.out.forPeople) return;
      if (answer.items.length > 0) desk.out.say(`${answer.unread} not read.`);
      if (answer.nextCursor) desk.out.say(`There are more: --cursor ${answer.nextCursor}`);
    },
  ).alias('ls');
  list
    .option('--unread', 'only those that were not read')
    .option('--limit <n>', 'how many at most')
    .option('--cursor <cursor>', 'go on where a list ended');
  withCommonOptions(list);

  const read = deskCommand<{ all?: boolean }>(
    notification,
    'read',
    'say that you read them',
    async (desk, ids, { all }) => {
      if ((ids.length === 0) === !all) throw new CliProblem('Which? Give ids (list -o wide), or --all', 2);
      const answer = await desk.api.post<{ read: number }>('/notifications/read', all ? { all } : { ids });
      await desk.out.one(answer, () => `${answer.read} read.`);
    },
  );
  withCommonOptions(read.argument('[id...]', 'their ids').option('--all', 'all of yours'));
}
