import { z } from 'zod';
import { DeskError } from '#shared/errors/desk-error.js';

/** What Slack posts: JSON for events; a form for commands, and a form with one field `payload` for interactions. */
export type SlackBody = Record<string, unknown>;

const anyObject = z.record(z.string(), z.unknown());

export function parseSlackBody(rawBody: string, contentType: string | undefined): SlackBody {
  if (contentType?.includes('application/json')) return fromJson(rawBody);
  const form = new URLSearchParams(rawBody);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : fromJson(payload);
}

function fromJson(text: string): SlackBody {
  try {
    return anyObject.parse(JSON.parse(text));
  } catch {
    throw new DeskError('BAD_REQUEST', 'The body is not a JSON object');
  }
}
