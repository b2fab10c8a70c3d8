import { Readable } from 'node:stream';
import type { BlobStore, StoredBlob } from '#shared/blobs/blob-store.js';
import type { ClaimedMail, ReadMailFacts } from '#shared/contracts/mail-in.js';
import type { ReadMail } from '#mail/mail.js';
import { readMail } from '#mail/read-mail.js';
import { threadFacts, type ThreadFacts } from '#mail/thread.js';
import { isOwnLoopMark } from '../loop-mark.js';
import type { CheckAuthenticity } from './check-authenticity.js';
import { MAX_ATTACHMENTS, mailFacts, type FiledAttachment } from './mail-facts.js';
import { HEAD_BYTES, unreadableMail } from './unreadable-mail.js';

/** A claimed mail, read, ready to be threaded and filed. */
export interface MailInHand {
  claimed: ClaimedMail;
  facts: ReadMailFacts;
  /** null for a mail that could not be read: it opens a ticket of its own. */
  thread: ThreadFacts | null;
}

/** Tried so often; after that the mail is filed as it is, for a human to look at. */
const MOST_ATTEMPTS = 3;
const READ_WITHIN_MS = 20_000;

/** The store or the core failed, not the mail: it stays claimed and is tried again when the lease has run out. */
export class NotNow extends Error {}

export interface ReadingParts {
  blobs: Pick<BlobStore, 'put' | 'putStream' | 'read' | 'readStream'>;
  checkAuthenticity: CheckAuthenticity;
  /** Knows our own mail again (loop-mark.ts). */
  secret: string;
  /** For tests that need a mail which breaks the reader. */
  read?: typeof readMail;
}

/** @throws NotNow when the blob store is away. Whatever is wrong with the mail itself is told in the facts. */
export async function readClaimedMail(claimed: ClaimedMail, raw: Buffer, parts: ReadingParts): Promise<MailInHand> {
  if (claimed.attempt > MOST_ATTEMPTS) {
    return asUnreadable(claimed, raw, parts, [`it could not be filed ${MOST_ATTEMPTS} times`]);
  }
  try {
    return await reading(claimed, raw, parts);
  } catch (error) {
    if (error instanceof NotNow) throw error;
    return asUnreadable(claimed, raw, parts, [error instanceof Error ? error.message : 'the reader broke']);
  }
}

async function reading(claimed: ClaimedMail, raw: Buffer, parts: ReadingParts): Promise<MailInHand> {
  const kept: StoredBlob[] = [];
  const open = async (): Promise<Buffer | Readable> =>
    claimed.blobKey === null ? raw : openFile(claimed.blobKey, parts);
  const source = await open();
  const mail = await inTime(
    (parts.read ?? readMail)(source, {
      onAttachment: async (_part, content) => {
        kept.push(await fromStore(() => parts.blobs.putStream(content)));
      },
    }),
    source,
  );
  const attachments = await fileAttachments(mail, kept, parts);
  const { authenticated, why } = await parts.checkAuthenticity(await open(), claimed.envelope, mail);
  const thread = threadFacts(mail, {
    envelopeRecipients: claimed.envelope.recipients.map(({ address }) => address),
    authenticated,
    authenticationWhy: why,
  });
  const isOurOwn = isOwnLoopMark(mail.loopMark, parts.secret);
  const facts = mailFacts(claimed, mail, { attachments, authenticated: thread.authenticated, isOurOwn });
  return { claimed, facts, thread };
}

/** Attachments in the mail's order, each with where it lies; what the reader kept in memory is put away now. */
async function fileAttachments(
  mail: ReadMail,
  kept: readonly StoredBlob[],
  parts: ReadingParts,
): Promise<FiledAttachment[]> {
  const bySha = new Map(kept.map((blob) => [blob.sha256, blob]));
  const filed: FiledAttachment[] = [];
  for (const attachment of mail.attachments.slice(0, MAX_ATTACHMENTS)) {
    const blob = bySha.get(attachment.sha256) ?? (await fromStore(() => parts.blobs.put(attachment.content)));
    filed.push({
      name: attachment.filename.slice(0, 500),
      contentType: attachment.contentType.slice(0, 255),
      sizeBytes: blob.sizeBytes,
      sha256: blob.sha256,
      contentId: attachment.contentId?.slice(0, 500) ?? null,
      inline: attachment.inline,
      blobKey: blob.key,
    });
  }
  if (mail.attachments.length > MAX_ATTACHMENTS) {
    mail.problems.push(`only the first ${MAX_ATTACHMENTS} of ${mail.attachments.length} attachments are listed`);
  }
  return filed;
}

async function asUnreadable(
  claimed: ClaimedMail,
  raw: Buffer,
  parts: ReadingParts,
  why: readonly string[],
): Promise<MailInHand> {
  const blob = await fromStore(async () => {
    if (claimed.blobKey === null) return parts.blobs.put(raw);
    return parts.blobs.putStream(await openFile(claimed.blobKey, parts));
  });
  const head = claimed.blobKey === null ? raw : await headOf(claimed.blobKey, parts);
  const rawFile: FiledAttachment = {
    name: 'message.eml',
    contentType: 'message/rfc822',
    sizeBytes: blob.sizeBytes,
    sha256: blob.sha256,
    contentId: null,
    inline: false,
    blobKey: blob.key,
  };
  return {
    claimed,
    facts: unreadableMail(claimed, head.subarray(0, HEAD_BYTES), rawFile, why, parts.secret),
    thread: null,
  };
}

async function headOf(blobKey: string, parts: ReadingParts): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await openFile(blobKey, parts)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** The file may be missing, and a stream that fails before anybody listens would end the process. */
async function openFile(blobKey: string, parts: ReadingParts): Promise<Readable> {
  const stream = await fromStore(() => parts.blobs.readStream(blobKey));
  return stream.on('error', () => undefined);
}

async function fromStore<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw new NotNow('the blob store does not answer', { cause: error });
  }
}

/** No mail may hold up the others for ever, whatever the reader waits for. */
async function inTime<T>(work: Promise<T>, source: Buffer | Readable): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = READ_WITHIN_MS / 1000;
    timer = setTimeout(() => reject(new Error(`it could not be read within ${seconds} seconds`)), READ_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
    if (source instanceof Readable) source.destroy();
  }
}
