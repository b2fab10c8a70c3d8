import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeskError } from '#shared/errors/desk-error.js';
import { counted } from '#shared/words/counted.js';
import { askedRange, isKnownTag } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import type { ReadableAttachment } from './read-attachment.js';
import { safeName } from './safe-name.js';
import { isShownInline } from './sniff-type.js';

/**
 * Sends a file: whole or one range of it (RFC 9110 14), or 304 when the reader has it already. What others wrote is never a
 * page of ours: it is saved, or what is harmless shown without any right (`wantsInline`), and its type is not guessed.
 */
export async function answerWithFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ReadableAttachment,
  wantsInline: boolean,
): Promise<void> {
  const { sizeBytes, contentType } = file;
  const tag = `"${file.sha256}"`;
  const inline = wantsInline && isShownInline(contentType);
  void reply.headers({
    etag: tag,
    // Who may see it can change, so each use is asked for; the tag makes that cheap.
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-site',
    'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', safeName(file.name)),
  });
  if (isKnownTag(request.headers['if-none-match'], tag)) return void (await reply.status(304).send());
  // A type that came by mail is what its sender wrote.
  void reply.type(
    /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(contentType) ? typeOf(contentType, inline) : 'application/octet-stream',
  );
  const ifRange = request.headers['if-range'];
  const mayBePart = request.method === 'GET' && (ifRange === undefined || ifRange === tag);
  const range = mayBePart ? askedRange(request.headers.range, sizeBytes) : 'whole';
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${sizeBytes}`).removeHeader('etag').removeHeader('content-disposition');
    throw new DeskError('RANGE_NOT_SATISFIABLE', `The file has ${counted(sizeBytes, 'byte')}`);
  }
  const part = range === 'whole' ? undefined : range;
  const body = request.method === 'HEAD' || sizeBytes === 0 ? undefined : await file.open(part);
  void reply.header('content-length', part ? part.end - part.start + 1 : sizeBytes);
  if (part) void reply.status(206).header('content-range', `bytes ${part.start}-${part.end}/${sizeBytes}`);
  await reply.send(body);
}

/** Browsers show text of no charset in one of long ago. */
const typeOf = (contentType: string, inline: boolean): string =>
  inline && contentType === 'text/plain' ? 'text/plain; charset=utf-8' : contentType;
