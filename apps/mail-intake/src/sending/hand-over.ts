import { Readable } from 'node:stream';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import type { OutgoingFile, OutgoingMail } from '#shared/contracts/mail-out.js';
import type { ComposedMail } from '#mail/compose-mail.js';
import { composeLetter } from './compose-letter.js';
import type { Outcome } from './delivery.policy.js';
import type { Relay } from './relay.js';

type Blobs = Pick<BlobStore, 'stat' | 'readStream'>;

/**
 * Composes a claimed mail and gives it to the relay. What cannot be composed fails for good, visibly on the ticket. Files
 * are streamed from the store; one that is not there lets the mail wait, for the store may be away.
 */
export async function handOver(
  mail: OutgoingMail,
  relay: Pick<Relay, 'send'>,
  secret: string,
  blobs: Blobs,
): Promise<Outcome> {
  const absent = await firstAbsent(mail.files, blobs);
  if (absent) return { state: 'deferred', detail: `The file ${absent.name} cannot be read at the moment` };
  const files = mail.files.map((file) => ({ ...file, content: Readable.from(contentOf(file, blobs)) }));
  try {
    let letter: ComposedMail;
    try {
      letter = composeLetter(mail, secret, files);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      return { state: 'failed', detail: `It cannot be sent: ${why}`.slice(0, 1_000) };
    }
    return await relay.send(letter);
  } finally {
    for (const { content } of files) content.destroy();
  }
}

async function firstAbsent(files: readonly OutgoingFile[], blobs: Blobs): Promise<OutgoingFile | null> {
  for (const file of files) {
    if (!(await blobs.stat(file.blobKey).catch(() => null))) return file;
  }
  return null;
}

/** Opened when it is read, one after the other, and not all at once. One that is cut short breaks the mail off: no half is sent. */
async function* contentOf(file: OutgoingFile, blobs: Blobs): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  for await (const chunk of (await blobs.readStream(file.blobKey)) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    yield chunk;
  }
  if (sizeBytes !== file.sizeBytes)
    throw new Error(`The file ${file.name} has ${sizeBytes} bytes of ${file.sizeBytes}`);
}
