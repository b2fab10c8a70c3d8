import { UNDO_REPLY } from '../slack/action-ids.js';
import { actions, button, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo, quote, slackDate } from '../slack/mrkdwn.js';

export interface ReplySent {
  number: number;
  messageId: string;
  content: string;
  recipients: { to: readonly string[]; cc: readonly string[] };
  undoMs: number;
  nowMs: number;
}

/** Told to who replied: to whom it goes, and the way back. */
export function replySentCard({ number, messageId, content, recipients, undoMs, nowMs }: ReplySent): SlackMessage {
  const names = escapeTo([...recipients.to, ...recipients.cc].join(', '), 1_500);
  const when =
    undoMs === 0
      ? ''
      : ` It leaves at ${slackDate(nowMs + undoMs).replace('{time}', '{time_secs}')}; until then you can undo it.`;
  const text = `:incoming_envelope: Your reply on #${number} goes to ${names}.${when}`;
  return {
    text,
    blocks: [
      section(text),
      section(quote(content, 1_000)),
      ...(undoMs === 0 ? [] : [actions(button('Undo', UNDO_REPLY, messageId, { style: 'danger' }))]),
    ],
  };
}

export function replyUndoneCard(content: string): SlackMessage {
  const text =
    ':leftwards_arrow_with_hook: Taken back: nothing was sent to the customer. This is what you had written:';
  return { text, blocks: [section(text), section(quote(content, 2_500, 60))] };
}
