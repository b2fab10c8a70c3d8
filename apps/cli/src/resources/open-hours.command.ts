import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { named } from '../desk/who-is-meant.js';
import { hoursOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';

interface Day {
  date: string;
  weekday: string;
  open: { from: string; to: string }[];
  openMs: number;
  holiday: string | null;
  isHoliday: boolean;
}

const columns = (timezone: string): Column<Day>[] => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  const at = (instant: string) => clock.format(new Date(instant));
  return [
    { title: 'DAY', of: ({ date }) => date },
    { title: '', of: ({ weekday }) => weekday },
    { title: 'OPEN', of: ({ open }) => open.map(({ from, to }) => `${at(from)}-${at(to)}`).join(', '), flexible: true },
    { title: 'HOURS', of: ({ openMs }) => (openMs > 0 ? hoursOf(Math.round(openMs / 60_000)) : ''), right: true },
    { title: 'HOLIDAY', of: ({ holiday, isHoliday }) => holiday ?? (isHoliday ? 'yes' : '') },
  ];
};

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `deskwire calendar open-hours`: when the desk is open, day by day. */
export function addOpenHours(calendar: Command): void {
  const command = deskCommand<{ from?: string; to?: string }>(
    calendar,
    'open-hours',
    'when it is open, day by day',
    async (desk, [name], { from, to }) => {
      const { id } = await named<{ id: string; name: string }>(desk.api, '/sla/calendars', name!, 'calendar', (one) => [
        one.name,
      ]);
      const start = from ?? new Date().toLocaleDateString('sv-SE');
      const days = Number.isNaN(Date.parse(start)) ? Date.now() : Date.parse(start);
      const answer = await desk.api.get<{ timezone: string; days: Day[] }>(`/sla/calendars/${id}/open-hours`, {
        from: start,
        to: to ?? dayOf(days + 7 * 86_400_000),
      });
      await desk.out.one(answer, () => desk.out.table(answer.days, columns(answer.timezone), Date.now()));
    },
  );
  command
    .argument('<name>', 'id or name of the calendar')
    .option('--from <day>', 'from this day on (today unless told)')
    .option('--to <day>', 'and before this one (a week later unless told)');
  withCommonOptions(command);
}
