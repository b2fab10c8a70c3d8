import type { SlaReportRow, SlaReportView } from '#shared/contracts/sla-reports.js';
import { counted } from '#shared/words/counted.js';
import { duration } from '../alerts/alert.cards.js';
import { PRIORITY_EMOJI, PRIORITY_WORDS, TARGET_WORDS } from '../cards/ticket-words.view.js';
import { context, divider, header, section, type Block, type SlackMessage } from '../slack/blocks.view.js';
import { oneLine } from '../slack/mrkdwn.js';

const TARGETS = ['first_response', 'next_response', 'resolution'] as const;
const BAR = 10;
/** Weeks shown, the latest; a quarter has 13 or 14. */
const MAX_WEEKS = 14;

export interface ReportCard {
  /** `the last 7 days`. */
  title: string;
  /** Grouped by week and by priority. */
  byWeek: SlaReportView;
  byPriority: SlaReportView;
}

/**
 * Compliance as Slack can show it without an image: bars of ten blocks, one a week and a priority, in text that any client
 * and any screen reader has.
 */
export function reportCard({ title, byWeek, byPriority }: ReportCard): SlackMessage {
  const { total } = byWeek;
  const text = `SLA of ${title}: ${sayCompliance(total)}`;
  const head = header(`SLA, ${title}`);
  if (total.tickets === 0) return { text, blocks: [head, section('No ticket was opened in this time.')] };
  const weeks = byWeek.rows.slice(-MAX_WEEKS);
  return {
    text,
    blocks: [
      head,
      section(
        TARGETS.flatMap((target) => targetLine(target, total) ?? []).join('\n') || '_No policy has a target for them._',
      ),
      ...chart('First response, by week', weeks, 'first_response', weekOf),
      ...chart('Resolution, by week', weeks, 'resolution', weekOf),
      ...chart('Resolution, by priority', byPriority.rows, 'resolution', priorityOf),
      divider,
      context(
        `${counted(total.tickets, 'ticket')} opened ${dayOf(byWeek.from, byWeek.timezone)} to ${dayOf(byWeek.to, byWeek.timezone)}. Times are business time.`,
      ),
    ],
  };
}

/** Such as 2026-11-21: the desk's day, by which it counts. */
const dayOf = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(instant));

const NUMBERS = (n: number): string => n.toLocaleString('en-GB');

function targetLine(target: (typeof TARGETS)[number], { targets }: SlaReportRow): string | null {
  const { met, breached, open, compliancePercent, medianMs, p90Ms } = targets[target];
  if (met + breached + open === 0) return null;
  const share = compliancePercent === null ? 'none due yet' : `*${compliancePercent} %* in time`;
  const took =
    medianMs === null || p90Ms === null ? '' : `, half within ${duration(medianMs)}, 90 % within ${duration(p90Ms)}`;
  const missed = breached === 0 ? '' : `, :rotating_light: ${NUMBERS(breached)} missed`;
  return `*${TARGET_WORDS[target]}*  ${share} (${NUMBERS(met)} met${missed}${open > 0 ? `, ${NUMBERS(open)} open` : ''})${took}`;
}

/** Left out where nothing was due. */
function chart(
  title: string,
  rows: readonly SlaReportRow[],
  target: (typeof TARGETS)[number],
  labelOf: (row: SlaReportRow) => string,
): Block[] {
  const lines = rows
    .filter((row) => row.targets[target].compliancePercent !== null)
    .map((row) => {
      const { compliancePercent, met, breached } = row.targets[target];
      const share = compliancePercent!;
      return `${labelOf(row)}  \`${bar(share)}\`  ${share} %  (${NUMBERS(met)} of ${NUMBERS(met + breached)})`;
    });
  return lines.length > 0 ? [section(`*${title}*\n${lines.join('\n')}`)] : [];
}

/** Ten blocks for 100 %. Never full below 100, never empty above 0: the ends mean what they say. */
export function bar(percent: number): string {
  const rounded = Math.round((percent / 100) * BAR);
  const full = percent >= 100 ? BAR : percent <= 0 ? 0 : Math.min(BAR - 1, Math.max(1, rounded));
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

const weekOf = ({ week }: SlaReportRow): string => `\`${oneLine(week ?? '–', 10)}\``;
const priorityOf = ({ priority }: SlaReportRow): string =>
  priority === undefined ? '–' : `${PRIORITY_EMOJI[priority]} ${PRIORITY_WORDS[priority]}`;

function sayCompliance({ tickets, targets }: SlaReportRow): string {
  const said = TARGETS.flatMap((target) => {
    const { compliancePercent } = targets[target];
    return compliancePercent === null ? [] : [`${TARGET_WORDS[target].toLowerCase()} ${compliancePercent} %`];
  });
  return said.length > 0 ? said.join(', ') : `${counted(tickets, 'ticket')}, none due yet`;
}
