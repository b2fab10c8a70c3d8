import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { blobKeyOf, type BlobSource, BlobTooLarge, type StoredBlob } from './blob-store.js';

/** A whole file on the local disk, on its way into a store. */
export interface SpooledFile extends StoredBlob {
  path: string;
}

/** Where bytes are written first: their hash is their name, and it is known only at their end. */
export class BlobSpool {
  constructor(private readonly folder: string) {}

  /** Written, hashed and fsynced. When the source fails, or has more than `maxBytes`, nothing is kept. @throws BlobTooLarge */
  async write(source: BlobSource, maxBytes: number): Promise<SpooledFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, randomUUID());
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) return done(new BlobTooLarge(maxBytes));
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      // `flush` makes the stream fsync before it closes.
      await pipeline(source, measure, createWriteStream(path, { mode: 0o600, flush: true }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    const sha256 = hash.digest('hex');
    return { path, key: blobKeyOf(sha256), sha256, sizeBytes };
  }

  /** What a crash left behind. Returns how many files that were. */
  async removeOlder(than: Date): Promise<number> {
    let removed = 0;
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (!found?.isFile() || found.mtime >= than) continue;
      await rm(path, { force: true });
      removed++;
    }
    return removed;
  }
}
