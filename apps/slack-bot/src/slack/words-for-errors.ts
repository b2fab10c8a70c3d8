import { DeskError } from '#shared/errors/desk-error.js';
import { SlackProblem } from './slack-problem.js';

/** What went wrong, told to who acted, in words that say what to do. Escaped by whoever shows it. */
export function wordsFor(thrown: unknown): string {
  if (thrown instanceof SlackProblem) return slackWords(thrown);
  const error = DeskError.from(thrown);
  switch (error.code) {
    case 'UNAVAILABLE':
      return 'The desk cannot be reached at the moment, so nothing was changed. Please try again in a minute.';
    case 'TIMEOUT':
      return 'The desk did not answer in time. Please look whether it happened before you try again.';
    case 'INTERNAL':
      return 'Something went wrong at the desk. Please try again; if it stays, tell your administrator.';
    case 'TOO_MANY_REQUESTS':
      return 'That was too much at once. Please try again in a minute.';
    default:
      return ended(error.message);
  }
}

function slackWords({ code }: SlackProblem): string {
  if (code === 'missing_scope' || code === 'not_allowed_token_type') {
    return 'The Deskwire app lacks a permission in this workspace. Please ask an administrator to install it again with the current manifest.';
  }
  if (code === 'expired_trigger_id' || code === 'trigger_expired' || code === 'trigger_exchanged') {
    return 'Slack did not wait for the form to open. Please press again.';
  }
  return 'Slack did not take it. Please try again in a minute.';
}

const ended = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
