import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { z } from 'zod';

export const blobVariables = {
  /** Folder of raw mails and attachments; every service that reads or writes them needs the same one. */
  BLOB_DIR: z.string().min(1).default('.deskwire/blobs'),
};

export interface StoredBlob {
  key: string;
  sha256: string;
  sizeBytes: number;
}

/** `ab/cd/abcd…`: the content's SHA-256 is its name, so the same bytes are kept once and can be checked. */
export const blobKeyOf = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;

/** Raw mails and attachments by content hash. A key that was handed out is durable: file and folder are fsynced. */
export class BlobStore {
  private readonly disk: Disk;

  constructor(private readonly folder: string) {
    this.disk = new Disk(new FSDriver({ location: folder, visibility: 'private' }));
  }

  put(content: Uint8Array): Promise<StoredBlob> {
    return this.putStream([content]);
  }

  /** Streams to a temporary file, then renames it to its hash. When the source fails nothing is kept. */
  async putStream(source: Readable | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    const incoming = join(this.folder, 'incoming', randomUUID());
    await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      // `flush` makes the stream fsync before it closes.
      await pipeline(source, measure, createWriteStream(incoming, { mode: 0o600, flush: true }));
      const sha256 = hash.digest('hex');
      const key = blobKeyOf(sha256);
      await this.moveIn(incoming, join(this.folder, key));
      return { key, sha256, sizeBytes };
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
  }

  readStream(key: string): Promise<Readable> {
    return this.disk.getStream(key);
  }

  async read(key: string): Promise<Buffer> {
    return Buffer.from(await this.disk.getBytes(key));
  }

  exists(key: string): Promise<boolean> {
    return this.disk.exists(key);
  }

  async remove(key: string): Promise<void> {
    await this.disk.delete(key);
  }

  private async moveIn(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    if (await stat(to).catch(() => null)) return rm(from, { force: true });
    await rename(from, to);
    const folder = await open(dirname(to), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
