/**
 * What Slack allows, in code points and in items (docs.slack.dev/reference/block-kit, /messaging, /surfaces/modals).
 * One table: the bot cuts its texts by it, the checker measures by it, the playground refuses by it.
 */
export const SLACK_LIMITS = {
  /** Characters of a message's `text` that Slack advises to stay within; chat.update refuses more. */
  messageText: 4_000,
  /** Where chat.postMessage gives up on `text` altogether. */
  messageTextHard: 40_000,
  messageBlocks: 50,
  /** All text inside one message's blocks together ("about", Slack says; beyond it is msg_blocks_too_long). */
  messageBlocksText: 13_000,
  messageAttachments: 100,
  viewBlocks: 100,
  viewBytes: 250_000,
  viewStack: 3,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  id: 255,
  header: 150,
  sectionText: 3_000,
  sectionFields: 10,
  sectionField: 2_000,
  actionsElements: 25,
  contextElements: 10,
  contextActionsElements: 5,
  contextText: 3_000,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  url: 3_000,
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  selectOptions: 100,
  optionGroups: 100,
  optionGroupLabel: 75,
  overflowOptions: 5,
  choices: 10,
  placeholder: 150,
  inputLabel: 2_000,
  inputHint: 2_000,
  inputText: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  imageAlt: 2_000,
  imageTitle: 2_000,
  markdown: 12_000,
  tableRows: 100,
  tableColumns: 20,
  chartTitle: 50,
  chartSeries: 12,
  chartPoints: 20,
  chartLabel: 20,
  chartsPerMessage: 2,
  files: 10,
} as const;

/** Slack counts code points: "👩‍🚒" is three, "é" written with a combining accent two. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** `text` cut to at most `max` code points, ending in "…" when something was cut. Never splits a surrogate pair. */
export function cutTo(text: string, max: number): string {
  if (text.length <= max || codePoints(text) <= max) return text;
  return `${Array.from(text)
    .slice(0, max - 1)
    .join('')}…`;
}
