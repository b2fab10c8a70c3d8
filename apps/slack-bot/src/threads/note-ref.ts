/** The reference of a note that was written in a thread: the same message is one note, and its edits find it. */
export const noteRef = (channel: string, ts: string): string => `slack:${channel}:${ts}`;

/** Was this message written in a Slack thread? Then it stands there already. */
export const isThreadNote = (externalRef: string | null): boolean =>
  externalRef !== null && /^slack:[A-Z0-9]+:\d+\.\d+$/.test(externalRef);
