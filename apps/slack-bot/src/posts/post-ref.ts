/** Where a message is. */
export interface PostRef {
  channel: string;
  ts: string;
  /** It stands in a digest with others, and cannot be edited alone. */
  inDigest?: boolean;
  /** What stands in the digest is a breach already: there is nothing more to be told. */
  isBreach?: boolean;
}

/** As the core keeps it: `C024BE91L:1700000000.000100`, with `:digest` (`:digest-breached`) behind it where it is one of several. */
export const writePostRef = ({ channel, ts, inDigest, isBreach }: PostRef): string =>
  `${channel}:${ts}${inDigest ? `:digest${isBreach ? '-breached' : ''}` : ''}`;

export function readPostRef(ref: string): PostRef {
  const [, channel, ts, digest] = /^([^:]+):([^:]+)(:digest(?:-breached)?)?$/.exec(ref) ?? [];
  if (channel === undefined || ts === undefined) throw new Error(`“${ref}” is not a place in Slack`);
  const isBreach = digest === ':digest-breached';
  return { channel, ts, ...(digest !== undefined && { inDigest: true }), ...(isBreach && { isBreach }) };
}
