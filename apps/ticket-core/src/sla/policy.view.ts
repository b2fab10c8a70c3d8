import type { PriorityPolicyView, SlaPolicyView } from '#shared/contracts/sla-policies.js';
import type { Condition } from '#sla/condition.schema.js';
import { fieldNamed } from '#sla/ticket-facts.js';
import { policySchema, type SlaPolicy } from '#sla/policy.schema.js';

export interface PolicySource {
  org_id: string;
  id: string;
  version: number;
  policy: unknown;
  created_at: Date;
  updated_at: Date;
}

/** As the SLA document shows it. */
export function policyViewOf(row: PolicySource): SlaPolicyView {
  const policy = policySchema.parse(row.policy);
  return {
    id: row.id,
    organization_id: row.org_id,
    name: policy.name,
    description: policy.description,
    conditions: policy.conditions,
    first_response_time: policy.firstResponseMinutes,
    next_response_time: policy.nextResponseMinutes,
    resolution_time: policy.resolutionMinutes,
    priority: policy.priority,
    enabled: policy.enabled,
    version: row.version,
    warn_at: policy.warnAt,
    pause_on: policy.pauseOn,
    first_response_by: policy.firstResponseBy,
    next_response_from: policy.nextResponseFrom,
    on_reopen: policy.onReopen,
    calendar: policy.calendar,
    calendar_id: policy.calendarId,
    escalation: policy.escalation,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** As the tickets' document shows it: the priority and the team, where its conditions say just that. */
export function priorityPolicyViewOf(row: PolicySource): PriorityPolicyView {
  const policy = policySchema.parse(row.policy);
  return {
    id: row.id,
    name: policy.name,
    description: policy.description,
    ...priorityAndTeamOf(policy.conditions),
    firstResponseMinutes: policy.firstResponseMinutes,
    nextResponseMinutes: policy.nextResponseMinutes,
    resolutionMinutes: policy.resolutionMinutes,
    enabled: policy.enabled,
    conditions: policy.conditions,
    precedence: policy.priority,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Both null when the conditions say anything but "this priority" and perhaps "this team". */
export function priorityAndTeamOf(conditions: readonly Condition[]): Pick<PriorityPolicyView, 'priority' | 'teamId'> {
  const asks = (name: string) =>
    conditions.find(({ field, operator }) => fieldNamed(field)?.name === name && operator === 'equals')?.value ?? null;
  const [priority, teamId] = [asks('priority'), asks('teamId')];
  const said = Number(priority !== null) + Number(teamId !== null);
  if (priority === null || said !== conditions.length) return { priority: null, teamId: null };
  return { priority, teamId } as Pick<PriorityPolicyView, 'priority' | 'teamId'>;
}

/** `{ field, from, to }` of what differs between two versions; a policy that was made or deleted differs in everything. */
export function policyDifference(from: unknown, to: unknown): { field: string; from: unknown; to: unknown }[] {
  const [before, after] = [(from ?? {}) as Record<string, unknown>, (to ?? {}) as Record<string, unknown>];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }));
}

/** How far open tickets have followed a change; null when it moved none. */
export function progressOf(
  row: {
    looked_at: number;
    changed: number;
    started_at: string | null;
    finished_at: string | null;
    replaced: boolean;
  } | null,
) {
  if (!row) return null;
  const isoOf = (at: string | null): string | null => at && new Date(at).toISOString();
  const state: 'replaced' | 'done' | 'running' | 'waiting' = row.replaced
    ? 'replaced'
    : row.finished_at
      ? 'done'
      : row.started_at
        ? 'running'
        : 'waiting';
  const { looked_at: lookedAt, changed } = row;
  return { state, lookedAt, changed, startedAt: isoOf(row.started_at), finishedAt: isoOf(row.finished_at) };
}

/** What only people read; anything else about a policy may move clocks. */
const WORDS = new Set(['name', 'description']);

/** Whether tickets that are open may have to be reckoned again. */
export const movesClocks = (from: SlaPolicy | null, to: SlaPolicy): boolean =>
  policyDifference(from, to).some(({ field }) => !WORDS.has(field)) && (to.enabled || from?.enabled === true);
