import { isObject } from '../workspace/block-ids.js';
import type { Channel, Json, Member } from '../workspace/model.js';
import type { RateLimits } from '../workspace/rate-limits.js';
import { SlackError } from '../workspace/slack-error.js';
import type { Triggers } from '../workspace/triggers.js';
import type { Views } from '../workspace/views.js';
import type { Workspace } from '../workspace/workspace.js';

/** The parts of the workspace that Web API methods act on. */
export interface Slack {
  readonly workspace: Workspace;
  readonly views: Views;
  readonly triggers: Triggers;
  readonly limits: RateLimits;
}

/** One method: its answer without `ok`, or a thrown SlackError. */
export type Method = (call: Call, slack: Slack) => Json;

/** The arguments of one call, from a form (all strings, objects as JSON) or from JSON. */
export class Call {
  constructor(
    private readonly given: Readonly<Json>,
    readonly nowMs: number,
  ) {}

  has(name: string): boolean {
    const value = this.given[name];
    return value !== undefined && value !== null && value !== '';
  }

  text(name: string): string | undefined {
    const value = this.given[name];
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  required(name: string, error = 'invalid_arguments'): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    const messages = [`[ERROR] missing required field: ${name}`];
    throw new SlackError(error, error === 'invalid_arguments' ? { response_metadata: { messages } } : {});
  }

  flag(name: string): boolean {
    return [true, 'true', '1', 1].includes(this.given[name] as never);
  }

  /** A whole number from 1 to `max`, or `standard` when none is given. */
  limit(standard: number, max: number): number {
    if (!this.has('limit')) return standard;
    const limit = Number(this.given['limit']);
    if (!Number.isInteger(limit) || limit < 0) throw new SlackError('invalid_limit');
    return limit === 0 ? standard : Math.min(limit, max);
  }

  /** An object or list, given as such or as JSON text; undefined when absent. */
  json(name: string, error: string): unknown {
    const value = this.given[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw new SlackError(error);
    }
  }

  object(name: string, error: string): Json | undefined {
    const value = this.json(name, error);
    if (value !== undefined && !isObject(value)) throw new SlackError(error);
    return value;
  }

  /** The channel of conversations.*: by id only. */
  channel(slack: Slack): Channel {
    return slack.workspace.channelById(this.required('channel'));
  }

  user(slack: Slack, name = 'user'): Member {
    const member = slack.workspace.members.get(this.required(name));
    if (!member) throw new SlackError('user_not_found');
    return member;
  }
}

/** One page of a list, and the cursor for the next. The cursor is opaque to the caller. */
export function page<T>(all: readonly T[], call: Call, standard: number, max: number): { items: T[]; next: string } {
  const cursor = call.text('cursor');
  const start =
    cursor === undefined ? 0 : Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1] ?? -1);
  if (start < 0 || start > all.length) throw new SlackError('invalid_cursor');
  const end = start + call.limit(standard, max);
  const next = end < all.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { items: all.slice(start, end), next };
}
