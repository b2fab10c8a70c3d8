/**
 * Looks at the first bytes of a stream without losing them: `content` is the whole again.
 * @returns `head` of at least `bytes` bytes, or all there are (`isWhole`)
 */
export async function beginningOf(
  source: AsyncIterable<Buffer>,
  bytes: number,
): Promise<{ head: Buffer; isWhole: boolean; content: AsyncIterable<Buffer> }> {
  const rest = source[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let length = 0;
  let isWhole = false;
  while (length < bytes) {
    const next = await rest.next();
    if (next.done) {
      isWhole = true;
      break;
    }
    chunks.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(chunks);
  return { head, isWhole, content: all(head, isWhole ? null : rest) };
}

async function* all(head: Buffer, rest: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest?.next(); next && !next.done; next = await rest?.next()) yield next.value;
  } finally {
    await rest?.return?.();
  }
}
