import type { Command } from 'commander';
import type { MergeView } from '#shared/contracts/merges.js';
import type { TicketStats } from '#shared/contracts/stats.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, fieldsOf } from '../desk/fields.js';
import { ago } from '../desk/instants.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import { namesIn, statsPage } from './stats-page.js';
import { TICKET_COLUMNS } from './ticket-columns.js';
import { FILTER_FIELDS, filtersOf, withIds } from './ticket-fields.js';
import { ticketPath } from './ticket-path.js';

interface Activity {
  id: string;
  type: string;
  at: string;
  actor: { name: string; kind: string };
  oldValue: unknown;
  newValue: unknown;
}

const ACTIVITY_COLUMNS: Column<Activity>[] = [
  { title: 'WHEN', of: ({ at }, nowMs) => agoOf(at, nowMs) },
  { title: 'WHO', of: ({ actor }) => actor.name || actor.kind },
  { title: 'WHAT', of: ({ type }) => type.replaceAll('_', ' ') },
  { title: 'BEFORE', of: ({ oldValue }) => compact(oldValue), flexible: false },
  { title: 'AFTER', of: ({ newValue }) => compact(newValue), flexible: true },
  { title: 'AT', of: ({ at }) => at, wide: true },
];

const MERGE_COLUMNS: Column<MergeView>[] = [
  { title: 'WHEN', of: ({ mergedAt }, nowMs) => agoOf(mergedAt, nowMs) },
  { title: 'MERGED', of: ({ source }) => `#${source.number} ${source.subject}`, flexible: true },
  { title: 'INTO', of: ({ survivor }) => `#${survivor.number}` },
  { title: 'UNDO', of: ({ undoUntil, undoneAt }, nowMs) => (undoneAt ? 'undone' : agoOf(undoUntil, nowMs)) },
];

/** `{"priority":"high"}` as `high`; larger values as short JSON. */
function compact(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const { name } = value as { name?: unknown };
  if (typeof name === 'string' || name === null) return name ?? 'nobody';
  const values = Object.values(value).filter((one) => one !== null);
  const text = values.length === 1 && typeof values[0] !== 'object' ? String(values[0]) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const PERIOD_COLUMNS: Column<NonNullable<TicketStats['series']>[number]>[] = [
  { title: 'FROM', of: ({ start }) => start },
  { title: 'OPENED', of: ({ opened }) => String(opened), right: true },
  { title: 'RESOLVED', of: ({ resolved }) => String(resolved), right: true },
  { title: 'MISSED', of: ({ breached }) => String(breached), right: true },
];

/** Commands that only look. */
export function addTicketReading(ticket: Command): void {
  const history = deskCommand<{ all?: boolean }>(
    ticket,
    'history',
    'who changed what, oldest first',
    async (desk, [ref], options) => {
      const items: Activity[] = [];
      let nextCursor: string | null = null;
      for await (const page of desk.api.pages<Activity>(`${ticketPath(ref!)}/activities`, { limit: 100 })) {
        items.push(...page.items);
        ({ nextCursor } = page);
        if (!options.all) break;
      }
      await desk.out.list({ items, nextCursor }, ACTIVITY_COLUMNS, 'Nothing happened yet.');
    },
  ).alias('activities');
  withCommonOptions(history.argument('<ticket>', 'number or id').option('--all', 'every page'));

  const sla = deskCommand(ticket, 'sla', 'where its deadlines stand, with the arithmetic', async (desk, [ref]) => {
    const answer = await desk.api.get<{ explanation?: string[] }>(`${ticketPath(ref!)}/sla`);
    await desk.out.one(answer, () => (answer.explanation ?? ['No SLA policy holds for it.']).join('\n'));
  });
  withCommonOptions(sla.argument('<ticket>', 'number or id'));

  const merges = deskCommand(
    ticket,
    'merges',
    'merges that it had a part in, the newest first',
    async (desk, [ref]) => {
      const answer = await desk.api.get<{ items: MergeView[] }>(`${ticketPath(ref!)}/merges`);
      await desk.out.list(answer, MERGE_COLUMNS, 'It was never merged.');
    },
  );
  withCommonOptions(merges.argument('<ticket>', 'number or id'));

  const stats = deskCommand<{ from?: string; to?: string; period?: string }>(
    ticket,
    'stats',
    'how many there are, by status, priority and so on',
    async (desk, _, { from, to, period, ...options }) => {
      const answer = await desk.api.get<TicketStats>('/tickets/stats', {
        ...filtersOf(await withIds(desk, fieldsOf(FILTER_FIELDS, options), 'filter')),
        from: from && ago(from),
        to: to && ago(to),
        period,
      });
      if (!desk.out.forPeople) return desk.out.data(answer);
      desk.out.say(statsPage(answer, await namesIn(desk, answer), desk.out.colours));
      if (answer.series) desk.out.say(`\n${desk.out.table(answer.series, PERIOD_COLUMNS, Date.now())}`);
    },
  );
  addFields(stats, FILTER_FIELDS)
    .option('--from <date>', 'opened since: a day, an instant, or how long ago, such as 7d')
    .option('--to <date>', 'opened before')
    .option('--period <period>', 'and how they came in, by: day, week or month');
  withCommonOptions(stats);

  const search = deskCommand<{ limit?: string }>(
    ticket,
    'search',
    'search in subjects, texts and names, the best first',
    async (desk, words, { limit, ...options }) => {
      const answer = await desk.api.get<{ items: { ticket: TicketView }[] }>('/search', {
        ...filtersOf(await withIds(desk, fieldsOf(FILTER_FIELDS, options), 'filter')),
        q: words.join(' '),
        limit,
      });
      if (!desk.out.forPeople) return desk.out.data(answer);
      await desk.out.list({ items: answer.items.map((hit) => hit.ticket) }, TICKET_COLUMNS, 'Nothing was found.');
    },
  );
  addFields(search.argument('<words...>', 'what to look for'), FILTER_FIELDS).option('--limit <n>', 'how many at most');
  withCommonOptions(search);
}
