import type { BulkResult } from '#shared/contracts/bulk.js';
import { CliProblem } from '../desk/problem.js';
import type { Desk } from '../desk/desk-command.js';
import { ticketName } from './ticket-path.js';

/** As many as the desk takes at once. */
const AT_ONCE = 500;

interface BulkAnswer {
  results: BulkResult[];
  updated: number;
  failed: number;
}

/**
 * The same changes to several tickets, each for itself: those that can be changed are, and the others are told. Exit code
 * 5 when some were not, so that a script notices.
 */
export async function changeMany(desk: Desk, refs: string[], fields: Record<string, unknown>): Promise<void> {
  const { note, ...changes } = fields;
  const answer: BulkAnswer = { results: [], updated: 0, failed: 0 };
  for (let at = 0; at < refs.length; at += AT_ONCE) {
    const part = await desk.api.post<BulkAnswer>('/tickets/bulk', {
      tickets: refs.slice(at, at + AT_ONCE).map((ref) => ref.replace(/^#/, '')),
      ...(Object.keys(changes).length > 0 && { changes }),
      ...(note !== undefined && { note }),
    });
    answer.results.push(...part.results);
    answer.updated += part.updated;
    answer.failed += part.failed;
  }
  await desk.out.one(answer, () => linesOf(answer));
  if (answer.failed === 0) return;
  throw new CliProblem(`${answer.failed} of ${answer.results.length} were not changed`, 5);
}

const linesOf = ({ results }: BulkAnswer): string =>
  results
    .map((one) =>
      one.ok
        ? `Changed #${one.number}.`
        : `${ticketName(one.ticket)} was not changed: ${one.error.detail} (${one.error.code})`,
    )
    .join('\n');
