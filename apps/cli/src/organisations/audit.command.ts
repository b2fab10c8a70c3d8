import type { Command } from 'commander';
import type { AuditEntryView } from '#shared/contracts/audit.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, type Field, fieldsOf } from '../desk/fields.js';
import { agoOrDay } from '../desk/instants.js';
import { agentIdOf } from '../desk/who-is-meant.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

const short = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value));

const COLUMNS: Column<AuditEntryView>[] = [
  { title: 'WHEN', of: ({ at }, nowMs) => agoOf(at, nowMs) },
  { title: 'WHO', of: ({ actor }) => actor.name || actor.kind },
  { title: 'BY', of: ({ surface }) => surface },
  { title: 'DID', of: ({ action }) => action.replaceAll('_', ' ') },
  {
    title: 'WHAT',
    of: ({ subjectType, subjectName }) => `${subjectType.replaceAll('_', ' ')} ${subjectName}`,
    flexible: true,
  },
  { title: 'BEFORE', of: ({ oldValue }) => short(oldValue), wide: true },
  { title: 'AFTER', of: ({ newValue }) => short(newValue), wide: true },
  { title: 'AT', of: ({ at }) => at, wide: true },
];

const FILTERS: Field[] = [
  { flags: '--type <type>', about: 'of what, such as tag, team or api_key', field: 'subjectType' },
  { flags: '--subject <id>', about: 'of this one thing', field: 'subjectId' },
  { flags: '--agent <agent>', about: 'what somebody did: name, e-mail address or id', field: 'actorId' },
  { flags: '--action <action>', about: 'such as created, updated or deleted' },
  { flags: '--since <when>', about: 'a day, an instant, or how long ago, such as 7d', read: agoOrDay },
  { flags: '--until <when>', about: 'and before this', read: agoOrDay },
];

/** `deskwire audit list`: who changed what of the desk itself, for administrators. */
export function addAuditCommand(program: Command): void {
  const audit = program.command('audit').description('who changed what of the desk itself: list');
  const list = deskCommand<{ limit?: string; cursor?: string }>(
    audit,
    'list',
    'show changes, the newest first',
    async (desk, _, options) => {
      const { actorId, ...filters } = fieldsOf(FILTERS, options);
      const answer = await desk.api.get<{ items: AuditEntryView[]; nextCursor: string | null }>('/audit', {
        ...(filters as Record<string, string>),
        actorId: typeof actorId === 'string' ? await agentIdOf(desk.api, actorId) : undefined,
        limit: options.limit,
        cursor: options.cursor,
      });
      await desk.out.list(answer, COLUMNS, 'Nothing was changed.');
      if (answer.nextCursor && desk.out.forPeople) desk.out.say(`There are more: --cursor ${answer.nextCursor}`);
    },
  ).alias('ls');
  addFields(list, FILTERS)
    .option('--limit <n>', 'how many at most')
    .option('--cursor <cursor>', 'go on where a list ended');
  withCommonOptions(list);
}
