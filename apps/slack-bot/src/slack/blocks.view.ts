import { cutTo, SLACK_LIMITS as MAX } from '#slack/limits.js';

/** A Block Kit object; libs/slack checks them in the specs, Slack itself in life. */
export type Block = Readonly<Record<string, unknown>>;

export interface SlackMessage {
  /** Read out and shown in notifications; mrkdwn, so other people's text in it must be escaped. */
  text: string;
  blocks?: readonly Block[];
}

export interface SlackView {
  type: 'modal' | 'home';
  blocks: readonly Block[];
  [key: string]: unknown;
}

/** Text that is shown as it is. Emoji codes in other people's text stay text. */
export const plain = (text: string, max: number, emoji = false): Block => ({
  type: 'plain_text',
  text: cutTo(text.trim() === '' ? '–' : text, max),
  emoji,
});

/** `verbatim`: Slack does not turn names and addresses in it into links by itself. */
export const mrkdwn = (text: string): Block => ({ type: 'mrkdwn', text, verbatim: true });

export const section = (text: string, accessory?: Block): Block => ({
  type: 'section',
  text: mrkdwn(text),
  ...(accessory && { accessory }),
});

export const fields = (texts: readonly string[]): Block => ({ type: 'section', fields: texts.map(mrkdwn) });

export const context = (...texts: readonly string[]): Block => ({ type: 'context', elements: texts.map(mrkdwn) });

export const header = (text: string): Block => ({ type: 'header', text: plain(text, MAX.header, true) });

export const divider: Block = { type: 'divider' };

export const actions = (...elements: readonly Block[]): Block => ({ type: 'actions', elements });

export const button = (text: string, actionId: string, value: string, more: Block = {}): Block => ({
  type: 'button',
  text: plain(text, MAX.buttonText, true),
  action_id: actionId,
  value,
  ...more,
});

export const option = (text: string, value: string): Block => ({ text: plain(text, MAX.optionText, true), value });
