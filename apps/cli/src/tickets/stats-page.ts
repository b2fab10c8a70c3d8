import type { TicketStats } from '#shared/contracts/stats.js';
import { counted } from '#shared/words/counted.js';
import type { Desk } from '../desk/desk-command.js';
import { allOf } from '../desk/who-is-meant.js';
import { bold } from '../output/paint.js';
import { oneLine } from '../output/table.js';

type Names = ReadonlyMap<string, string>;

/** What the agents and teams of these counts are called. Somebody who is no more stays an id. */
export async function namesIn(desk: Desk, { byAssignee, byTeam }: TicketStats): Promise<Names> {
  const of = async (path: string, counts: Record<string, number>) =>
    Object.keys(counts).length > 0 ? allOf<{ id: string; name: string }>(desk.api, path) : [];
  const [agents, teams] = await Promise.all([of('/agents', byAssignee), of('/teams', byTeam)]);
  return new Map([...agents, ...teams].map(({ id, name }) => [id, name]));
}

/** Counts for people, the largest first. Pure. */
export function statsPage(stats: TicketStats, names: Names, colours: boolean): string {
  const groups: [string, Record<string, number>][] = [
    ['status', stats.byStatus],
    ['priority', stats.byPriority],
    ['category', stats.byCategory],
    ['source', stats.bySource],
    ['assignee', { ...stats.byAssignee, ...(stats.unassigned > 0 && { nobody: stats.unassigned }) }],
    ['team', stats.byTeam],
  ];
  const line = (name: string, value: string) => {
    const title = name.padEnd(15);
    return `${colours ? bold(title) : title}${value}`;
  };
  const shares = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${oneLine(names.get(name) ?? name.replaceAll('_', ' '))} ${count}`)
      .join(', ');
  return [
    line('tickets', String(stats.total)),
    ...groups.flatMap(([name, counts]) => (shares(counts) ? line(name, shares(counts)) : [])),
    line(
      'sla',
      `${stats.slaBreached} breached${stats.slaWarnings === null ? '' : `, ${stats.slaWarnings} about to be`}`,
    ),
    line('first response', durationInWords(stats.firstResponse)),
    line('resolution', durationInWords(stats.resolution)),
  ].join('\n');
}

function durationInWords({ tickets, medianMs, p90Ms }: TicketStats['resolution']): string {
  if (medianMs === null || p90Ms === null) return 'none yet';
  return `half within ${timeOf(medianMs)}, nine in ten within ${timeOf(p90Ms)} (${counted(tickets, 'ticket')})`;
}

function timeOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1_000)}s`;
  if (minutes < 60) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h${minutes % 60}m` : `${Math.round(minutes / 1_440)}d`;
}
