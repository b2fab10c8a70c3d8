// Header text that mailparser garbles: raw 8-bit bytes (RFC 6532, or none at all) inside or beside encoded words.
// Values come as "binary" strings, one character a byte.

const ENCODED_WORD = /=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?]{0,2000})\?=/gi;

/** RFC 2047 decoding that takes raw bytes as they are: UTF-8 where valid, else Windows-1252. Never throws. */
export function decodeHeaderText(binary: string): string {
  let result = '';
  let end = 0;
  let pending: { charset: string; bytes: Buffer } | null = null;
  const flush = (): void => {
    if (pending) result += decodeBytes(pending.bytes, pending.charset);
    pending = null;
  };
  for (const match of binary.matchAll(ENCODED_WORD)) {
    const between = binary.slice(end, match.index);
    const charset = match[1]!.toLowerCase();
    const bytes = match[2]!.toLowerCase() === 'b' ? Buffer.from(match[3]!, 'base64') : decodeQ(match[3]!);
    // White space between two encoded words is not shown (RFC 2047 6.2); a character may be split over both.
    if (pending && between.trim() === '' && pending.charset === charset) {
      pending = { charset, bytes: Buffer.concat([pending.bytes, bytes]) };
    } else {
      const adjacent = pending !== null && between.trim() === '';
      flush();
      if (!adjacent) result += decodeBytes(Buffer.from(between, 'latin1'), '');
      pending = { charset, bytes };
    }
    end = match.index + match[0].length;
  }
  flush();
  return result + decodeBytes(Buffer.from(binary.slice(end), 'latin1'), '');
}

/** True when mailparser's own decoding cannot be trusted: raw bytes within an encoded word. */
export function hasRawBytesInEncodedWord(binary: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /=\?[^?]{1,40}\?[bq]\?[^?]*[\x80-\xff]/i.test(binary);
}

function decodeQ(text: string): Buffer {
  const plain = text
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

function decodeBytes(bytes: Buffer, charset: string): string {
  for (const name of charset === '' ? ['utf-8'] : [charset, 'utf-8']) {
    try {
      return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // Unknown charset, or bytes that are none of it: the next one.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes);
}
