/** Where a message is. */
export interface PostRef {
  channel: string;
  ts: string;
  /** It stands in a digest with others, and cannot be edited alone. */
  inDigest?: boolean;
}

/** As the core keeps it: `C024BE91L:1700000000.000100`, with `:digest` behind it where it is one of several. */
export const writePostRef = ({ channel, ts, inDigest }: PostRef): string =>
  `${channel}:${ts}${inDigest ? ':digest' : ''}`;

export function readPostRef(ref: string): PostRef {
  const [, channel, ts, digest] = /^([^:]+):([^:]+)(:digest)?$/.exec(ref) ?? [];
  if (channel === undefined || ts === undefined) throw new Error(`“${ref}” is not a place in Slack`);
  return { channel, ts, ...(digest !== undefined && { inDigest: true }) };
}
