import { z } from 'zod';

/** What Slack sends, as far as we read it. Everything else is ignored; what is missing is an error that names the field. */
const user = z.object({ id: z.string().min(1) });
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

export const commandBody = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string().min(1),
  channel_id: optionalText,
  trigger_id: z.string().default(''),
  response_url: optionalText,
});

const stateValue = z.object({
  type: z.string().default(''),
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_date: z.string().nullish(),
  selected_user: z.string().nullish(),
});

export const actionBody = z.object({
  user,
  trigger_id: z.string().default(''),
  response_url: optionalText,
  channel: z.object({ id: z.string() }).nullish(),
  message: z
    .object({
      ts: z.string(),
      thread_ts: optionalText,
      blocks: z.array(z.object({ block_id: optionalText })).nullish(),
    })
    .nullish(),
  container: z.object({ message_ts: optionalText, thread_ts: optionalText, type: optionalText }).nullish(),
  view: z.object({ id: z.string(), type: z.string() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: optionalText,
        action_ts: optionalText,
        value: optionalText,
        selected_option: z.object({ value: z.string() }).nullish(),
        selected_user: optionalText,
      }),
    )
    .min(1),
});
export type ActionBody = z.output<typeof actionBody>;

export const submissionBody = z.object({
  user,
  trigger_id: z.string().default(''),
  view: z.object({
    id: z.string(),
    callback_id: z.string().default(''),
    private_metadata: z.string().default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), stateValue)) }),
  }),
});
export type SubmissionBody = z.output<typeof submissionBody>;

const file = z.object({ name: optionalText, title: optionalText, permalink: optionalText });

const slackMessage = z.object({
  type: z.string().optional(),
  subtype: optionalText,
  user: optionalText,
  bot_id: optionalText,
  app_id: optionalText,
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  ts: z.string(),
  thread_ts: optionalText,
  files: z.array(file).nullish(),
});

export const shortcutBody = z.object({
  callback_id: z.string(),
  user,
  trigger_id: z.string().default(''),
  response_url: optionalText,
  channel: z.object({ id: z.string() }).nullish(),
  message: slackMessage.nullish(),
});

export const messageEvent = z.object({
  type: z.literal('message'),
  subtype: optionalText,
  channel: z.string(),
  user: optionalText,
  bot_id: optionalText,
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  ts: z.string(),
  thread_ts: optionalText,
  files: z.array(file).nullish(),
  message: slackMessage.nullish(),
  previous_message: slackMessage.nullish(),
  deleted_ts: optionalText,
});
export type MessageEvent = z.output<typeof messageEvent>;

export const homeOpened = z.object({ user: z.string().min(1), tab: z.string().default('home') });

/** What was given for each input of a modal, by block id; empty inputs are left out. */
export function submittedValues(body: SubmissionBody): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [blockId, elements] of Object.entries(body.view.state.values)) {
    const [state] = Object.values(elements);
    const value = state?.value ?? state?.selected_option?.value ?? state?.selected_user;
    if (value) values[blockId] = value;
  }
  return values;
}
