import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  BlobMissing,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  isBlobKey,
  type ListedBlob,
  type StagedBlob,
  type StoredBlob,
} from './blob-store.js';
import { BlobSpool } from './blob-spool.js';

/** Blobs in a folder. What was put is durable: file and folders are fsynced. */
export class LocalBlobs implements BlobStore {
  private readonly spool: BlobSpool;

  private readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
    this.spool = new BlobSpool(join(this.folder, 'incoming'));
  }

  put(content: Uint8Array): Promise<StoredBlob> {
    return this.putStream([content]);
  }

  async putStream(source: BlobSource): Promise<StoredBlob> {
    return (await this.receive(source)).keep();
  }

  async receive(source: BlobSource, { maxBytes } = { maxBytes: Infinity }): Promise<StagedBlob> {
    const { path, ...blob } = await this.spool.write(source, maxBytes);
    const discard = () => rm(path, { force: true });
    return {
      ...blob,
      discard,
      keep: async () => {
        try {
          await this.moveIn(path, this.pathOf(blob.key));
          return blob;
        } catch (error) {
          await discard();
          throw error;
        }
      },
    };
  }

  async readStream(key: string, range?: ByteRange): Promise<Readable> {
    const stream = createReadStream(this.pathOf(key), range);
    try {
      await once(stream, 'open');
    } catch (error) {
      throw missing(error, key);
    }
    return stream;
  }

  async read(key: string): Promise<Buffer> {
    return readFile(this.pathOf(key)).catch((error: unknown) => {
      throw missing(error, key);
    });
  }

  async stat(key: string): Promise<{ sizeBytes: number; modifiedAt: Date } | null> {
    if (!isBlobKey(key)) return null;
    try {
      const { size, mtime } = await stat(this.pathOf(key));
      return { sizeBytes: size, modifiedAt: mtime };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  /**
   * Taken aside first, in one step: whoever put the same content before that made its file young, which is seen now, and
   * whoever puts it after that puts a file of their own. No order of the two loses it.
   */
  async removeIfOlder(key: string, than: Date): Promise<boolean> {
    const path = this.pathOf(key);
    const aside = join(this.folder, 'incoming', `removed-${key.slice(6)}`);
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    try {
      await rename(path, aside);
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
    const { mtime } = await stat(aside);
    const young = mtime >= than;
    // A file that somebody put there meanwhile has the same bytes: it may stay.
    if (young)
      await link(aside, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    await rm(aside, { force: true });
    return !young;
  }

  async *list(pageSize: number): AsyncIterable<ListedBlob[]> {
    let page: ListedBlob[] = [];
    for (const first of await foldersIn(this.folder)) {
      for (const second of await foldersIn(join(this.folder, first))) {
        for (const name of await readdir(join(this.folder, first, second)).catch(() => [])) {
          const key = `${first}/${second}/${name}`;
          const found = await this.stat(key);
          if (found) page.push({ key, modifiedAt: found.modifiedAt });
          if (page.length < pageSize) continue;
          yield page;
          page = [];
        }
      }
    }
    if (page.length > 0) yield page;
  }

  removeLeftovers(olderThan: Date): Promise<number> {
    return this.spool.removeOlder(olderThan);
  }

  private pathOf(key: string): string {
    if (!isBlobKey(key)) throw new BlobMissing(key);
    return join(this.folder, key);
  }

  /** Always renames, also over the same content: the file is young again, which the sweeper looks at. */
  private async moveIn(from: string, to: string): Promise<void> {
    const folder = dirname(to);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(from, to);
    await syncFolder(folder);
    // The name of a new folder stands in the one above it, and so on up to the first that was there.
    if (made === undefined) return;
    for (let above = dirname(folder); ; above = dirname(above)) {
      await syncFolder(above);
      if (above.length < made.length) return;
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException | null)?.code ?? '');

const missing = (error: unknown, key: string): unknown => (isAbsent(error) ? new BlobMissing(key) : error);

/** The two levels above the blobs; `incoming` is not one of them. */
async function foldersIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => /^[0-9a-f]{2}$/.test(name));
}
