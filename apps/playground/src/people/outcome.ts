import type { Answer } from '../bot/bot-line.js';

/** What came of a person's act: whether the app answered in time, and what the person is told if not. */
export interface Outcome {
  readonly ok: boolean;
  /** `dispatch_failed`, `operation_timeout`, `invalid_answer`, `required_fields`. */
  readonly error?: string;
  /** In words, as the person sees it. */
  readonly message?: string;
  /** For a modal: block_id to what is wrong with the field. */
  readonly errors?: Readonly<Record<string, string>>;
}

export const DONE: Outcome = { ok: true };

export function outcomeOf(answer: Answer): Outcome {
  if (answer.ok) return DONE;
  const message =
    answer.error === 'operation_timeout'
      ? 'This app didn’t respond in time. Try again, or look whether it is running.'
      : `This app couldn’t be reached (${answer.detail}).`;
  return { ok: false, error: answer.error, message };
}
