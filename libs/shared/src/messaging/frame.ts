import { DeskError } from '../errors/desk-error.js';

/**
 * A binary request or reply: a JSON head and raw parts behind it, since JSON would make a mail a third larger (base64).
 * Layout: u32 length of the head, the head, then for each part u32 length and its bytes (big endian).
 */
export interface Frame {
  head: unknown;
  parts: Buffer[];
}

export function writeFrame(head: unknown, parts: readonly Uint8Array[]): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const chunks: Uint8Array[] = [length(json.length), json];
  for (const part of parts) chunks.push(length(part.length), part);
  return Buffer.concat(chunks);
}

export function readFrame(bytes: Uint8Array): Frame {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const next = (): Buffer => {
    if (offset + 4 > buffer.length) throw new DeskError('BAD_REQUEST', 'The frame ends in the middle of a length');
    const size = buffer.readUInt32BE(offset);
    offset += 4;
    if (offset + size > buffer.length) throw new DeskError('BAD_REQUEST', 'The frame ends in the middle of a part');
    offset += size;
    return buffer.subarray(offset - size, offset);
  };
  const json = next();
  const parts: Buffer[] = [];
  while (offset < buffer.length) parts.push(next());
  return { head: parseJson(json), parts };
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw new DeskError('BAD_REQUEST', 'The head of the frame is not JSON');
  }
}

function length(bytes: number): Buffer {
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32BE(bytes);
  return head;
}
