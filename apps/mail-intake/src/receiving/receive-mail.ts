import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import { LineEndings } from './line-endings.js';
import { SmtpRefusal } from './smtp-refusal.js';
import { startsWithoutHeaders } from './trace-headers.js';

/** Up to so many bytes a mail travels in the request to the core (NATS carries 1 MiB); larger ones go to the blob store. */
export const TRAVELS_IN_REQUEST_BYTES = 256 * 1024;

export interface ReceivedMail {
  /** SHA-256 of what the client sent (lines ended by CRLF), without our own trace headers: the same for the same mail. */
  sha256: string;
  /** Of the kept file, trace headers included. */
  sizeBytes: number;
  /** The kept file, or null when it lies in the blob store. */
  bytes: Buffer | null;
  blobKey: string | null;
}

/** The stream of smtp-server: it says when the client sent more than is allowed. */
export type IncomingMail = Readable & { sizeExceeded?: boolean };

/**
 * Reads DATA once, in bounded memory. The stream is always read to its end, since the answer may only follow then.
 * @throws SmtpRefusal 552 over the limit; what the blob store threw; the stream's error when the client vanished
 */
export async function receiveMail(
  stream: IncomingMail,
  trace: string,
  blobs: Pick<BlobStore, 'putStream'>,
): Promise<ReceivedMail> {
  const endings = new LineEndings();
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let heldBytes = 0;
  const take = (piece: Buffer): Buffer => {
    hash.update(piece);
    return piece;
  };
  const hold = (chunk: Buffer): boolean => {
    const piece = take(endings.push(chunk));
    held.push(piece);
    heldBytes += piece.length;
    return heldBytes <= TRAVELS_IN_REQUEST_BYTES;
  };

  const whole = await readWhile(stream, hold);
  if (whole) {
    held.push(take(endings.end()));
    refuseIfTooLarge(stream);
    const bytes = Buffer.concat([traceFor(trace, held), ...held]);
    return { sha256: hash.digest('hex'), sizeBytes: bytes.length, bytes, blobKey: null };
  }

  async function* all(): AsyncGenerator<Buffer> {
    yield traceFor(trace, held);
    yield* held.splice(0);
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      refuseIfTooLarge(stream);
      yield take(endings.push(chunk as Buffer));
    }
    yield take(endings.end());
    refuseIfTooLarge(stream);
  }
  try {
    const stored = await blobs.putStream(all());
    return { sha256: hash.digest('hex'), sizeBytes: stored.sizeBytes, bytes: null, blobKey: stored.key };
  } catch (error) {
    await drain(stream);
    throw error;
  }
}

const traceFor = (trace: string, held: readonly Buffer[]): Buffer =>
  Buffer.from(startsWithoutHeaders(held.find(({ length }) => length > 0) ?? Buffer.alloc(0)) ? `${trace}\r\n` : trace);

function refuseIfTooLarge(stream: IncomingMail): void {
  if (stream.sizeExceeded) throw new SmtpRefusal(552, 'The mail is too large');
}

/** Hands on chunks until the stream ends (true) or `more` has had enough (false; the stream is paused then). */
function readWhile(stream: Readable, more: (chunk: Buffer) => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      if (!more(chunk)) finish(() => resolve(false));
    };
    const onEnd = (): void => finish(() => resolve(true));
    const onError = (error: Error): void => finish(() => reject(error));
    const onClose = (): void => finish(() => reject(new Error('the connection ended before the mail did')));
    const finish = (settle: () => void): void => {
      stream.pause();
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      // A late error must not become an uncaught one.
      stream.on('error', () => undefined);
      settle();
    };
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}

/** Lets the rest pass unread; resolves at the end or when the client has gone. */
function drain(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
    stream.resume();
  });
}
