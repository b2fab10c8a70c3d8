import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { DeskError } from '#shared/errors/desk-error.js';
import { nameIn } from './content-disposition.js';

/** A file on its way in. `content` must be read to its end, or given up, before the next one comes. */
export interface IncomingFile {
  name: string | null;
  declaredType: string | null;
  content: AsyncIterable<Buffer>;
}

/** A client that sends nothing for so long is gone. */
const IDLE_MS = 60_000;
/** After a refusal so much more is read and thrown away, so that a client which is still sending hears why. */
const MAX_UNWANTED_BYTES = 64 * 1024 * 1024;

/**
 * The files of a request, one after the other, streamed: of a form (multipart/form-data, RFC 7578), or the body itself.
 * @param name of a body that is the file itself and does not name it in Content-Disposition
 * @throws DeskError BAD_REQUEST for what is no form or broke off, PAYLOAD_TOO_LARGE for too many files
 */
export async function* incomingFiles(
  request: IncomingMessage,
  name: string | undefined,
  maxFiles: number,
): AsyncGenerator<IncomingFile> {
  const type = request.headers['content-type'];
  const named = nameIn(request.headers['content-disposition']) ?? name ?? null;
  try {
    if (/^multipart\/form-data\b/i.test(type ?? '')) yield* filesOfForm(request, maxFiles);
    // Nothing that has a name is an empty file.
    else if (hasBody(request) || named !== null) {
      const content = bytesOf(request);
      try {
        yield {
          name: named,
          declaredType: type ?? null,
          content,
        };
      } finally {
        await content.return(undefined);
      }
    }
  } finally {
    throwAwayRest(request);
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The body, without ending the connection when nobody wants the rest: the answer still has to go out by it. */
async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  const idle = setTimeout(() => request.destroy(new Error('the client sends nothing')), IDLE_MS);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      idle.refresh();
      yield chunk;
    }
  } catch (error) {
    throw new DeskError('BAD_REQUEST', 'The upload broke off before its end', [], { cause: error });
  } finally {
    clearTimeout(idle);
  }
}

async function* filesOfForm(request: IncomingMessage, maxFiles: number): AsyncGenerator<IncomingFile> {
  const form = openForm(request, maxFiles);
  const source = Readable.from(bytesOf(request));
  let current: BusboyFileStream | undefined;
  form
    .on('filesLimit', () => form.emit('error', new DeskError('PAYLOAD_TOO_LARGE', `At most ${maxFiles} files at once`)))
    .on('file', (_field, stream) => {
      current = stream;
      // An error that comes before somebody reads must not be lost: who reads then gets it.
      stream.on('error', (error: Error) => stream.destroy(error));
    })
    .on('error', (error) => current?.destroy(asDeskError(error)));
  source.on('error', (error) => form.emit('error', error));
  const files = on(form, 'file', { close: ['finish'] }) as AsyncIterable<
    [field: string, content: BusboyFileStream, name: string | undefined, encoding: string, type: string | undefined]
  >;
  source.pipe(form);
  try {
    for await (const [, content, name, , type] of files) {
      yield { name: name ?? null, declaredType: type ?? null, content: bytesOfPart(content) };
    }
  } catch (error) {
    throw asDeskError(error);
  } finally {
    source.unpipe(form);
    source.destroy();
    current?.destroy();
  }
}

async function* bytesOfPart(content: BusboyFileStream): AsyncGenerator<Buffer> {
  try {
    yield* content as AsyncIterable<Buffer>;
  } catch (error) {
    throw asDeskError(error);
  }
}

function openForm(request: IncomingMessage, maxFiles: number): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      // Fields beside the files are nobody's; of a part's header a few lines do.
      limits: { files: maxFiles, fields: 100, fieldSize: 64 * 1024, headerPairs: 50, headerSize: 16 * 1024 },
    });
  } catch (error) {
    throw asDeskError(error);
  }
}

const asDeskError = (error: unknown): DeskError =>
  error instanceof DeskError
    ? error
    : new DeskError('BAD_REQUEST', 'The form cannot be read: it is no multipart/form-data, or breaks off', [], {
        cause: error,
      });

function throwAwayRest(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  let bytes = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_UNWANTED_BYTES) request.destroy();
  });
  const late = setTimeout(() => request.destroy(), IDLE_MS).unref();
  request.once('close', () => clearTimeout(late));
  request.once('end', () => clearTimeout(late));
  request.resume();
}
