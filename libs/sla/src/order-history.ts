import type { SlaEvent } from './sla-event.schema.js';

/**
 * The history in the order in which it happened, whatever order it arrived in: by `at`, then `seq`, then `id`;
 * a repeated id once (its earliest). `opened` comes first: what is stamped earlier (a sender's clock that was ahead,
 * a mail that arrived while the ticket was being opened) counts as happening at that instant. A second `opened` is
 * dropped. What lies after `now` has not happened yet and is left out. Empty when the ticket is not open by `now`.
 */
export function orderHistory(events: readonly SlaEvent[], now: number): SlaEvent[] {
  const inOrder = isOrdered(events) ? events : events.toSorted(byTime);
  const opened = inOrder.find((event) => event.type === 'opened');
  if (!opened || opened.at > now) return [];
  const history: SlaEvent[] = [opened];
  const seen = new Set<string>();
  for (const event of inOrder) {
    if (event.at > now) break;
    if (event.type === 'opened' || seen.has(event.id)) continue;
    seen.add(event.id);
    history.push(event.at < opened.at ? { ...event, at: opened.at } : event);
  }
  return history;
}

function byTime(a: SlaEvent, b: SlaEvent): number {
  return a.at - b.at || a.seq - b.seq || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function isOrdered(events: readonly SlaEvent[]): boolean {
  for (let index = 1; index < events.length; index += 1) {
    if (byTime(events[index - 1]!, events[index]!) > 0) return false;
  }
  return true;
}
