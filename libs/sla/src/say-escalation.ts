import type { EscalationAct } from './escalation.schema.js';

/** What a step does, in words: `alert #sla-alerts`, `raise the priority to high`. `names` tells what ids are called. */
export function sayEscalation(act: EscalationAct, names: Readonly<Record<string, string>> = {}): string {
  const called = (id: string) => names[id] ?? id;
  if ('alert' in act) {
    return 'channel' in act.alert ? `alert #${act.alert.channel}` : `alert ${called(act.alert.agentId)}`;
  }
  if ('assignTeam' in act) return `assign to the team ${called(act.assignTeam)}`;
  if ('assignAgent' in act) return `assign to ${called(act.assignAgent)}`;
  return act.raisePriority === 'by_one' ? 'raise the priority by one' : `raise the priority to ${act.raisePriority}`;
}
