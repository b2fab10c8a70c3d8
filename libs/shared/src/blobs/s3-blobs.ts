import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
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
import { BlobSpool, type SpooledFile } from './blob-spool.js';

export interface S3Settings {
  bucket: string;
  region: string;
  /** Another store than Amazon's; its buckets are addressed by path. */
  endpoint?: string | undefined;
  /** Without it the SDK looks where it always does. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Bytes on their way are written here. */
  spoolFolder: string;
}

/** Younger than this it need not be put again: no sweeper looks at it for as long (sweep-blobs.ts waits two days). */
const FRESH_FOR_MS = 12 * 60 * 60_000;
const TRIES = 3;

const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Blobs in a bucket. A PUT that was answered is durable (S3's own promise), and S3 itself checks that what arrived has our
 * hash. The SDK is loaded with the first use: who keeps blobs in a folder never pays for it.
 */
export class S3Blobs implements BlobStore {
  private readonly spool: BlobSpool;
  private opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  constructor(private readonly settings: S3Settings) {
    this.spool = new BlobSpool(join(settings.spoolFolder, 'incoming'));
  }

  put(content: Uint8Array): Promise<StoredBlob> {
    return this.putStream([content]);
  }

  async putStream(source: BlobSource): Promise<StoredBlob> {
    return (await this.receive(source)).keep();
  }

  async receive(source: BlobSource, { maxBytes } = { maxBytes: Infinity }): Promise<StagedBlob> {
    const file = await this.spool.write(source, maxBytes);
    const blob = { key: file.key, sha256: file.sha256, sizeBytes: file.sizeBytes };
    const discard = () => rm(file.path, { force: true });
    return {
      ...blob,
      discard,
      keep: async () => {
        try {
          await this.send(file);
          return blob;
        } finally {
          await discard();
        }
      },
    };
  }

  async readStream(key: string, range?: ByteRange): Promise<Readable> {
    const { sdk, client } = await this.open(key);
    try {
      const { Body } = await client.send(
        new sdk.GetObjectCommand({
          Bucket: this.settings.bucket,
          Key: key,
          ...(range && { Range: `bytes=${range.start}-${range.end}` }),
        }),
      );
      if (!(Body instanceof Readable)) throw new Error('S3 gave no stream');
      return Body;
    } catch (error) {
      throw missing(error, key);
    }
  }

  async read(key: string): Promise<Buffer> {
    return Buffer.concat(await (await this.readStream(key)).toArray());
  }

  async stat(key: string): Promise<{ sizeBytes: number; modifiedAt: Date } | null> {
    if (!isBlobKey(key)) return null;
    const { sdk, client } = await this.open(key);
    try {
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket: this.settings.bucket, Key: key }));
      return { sizeBytes: head.ContentLength ?? 0, modifiedAt: head.LastModified ?? new Date(0) };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const { sdk, client } = await this.open(key);
    await client.send(new sdk.DeleteObjectCommand({ Bucket: this.settings.bucket, Key: key }));
  }

  /**
   * S3 has no "delete if it is old": between the look and the deletion lie milliseconds in which the same content may be put
   * again. `put` refreshes what is older than 12 hours, so only a blob that nobody has named for days comes here at all.
   */
  async removeIfOlder(key: string, than: Date): Promise<boolean> {
    const found = await this.stat(key);
    if (!found || found.modifiedAt >= than) return false;
    await this.remove(key);
    return true;
  }

  async *list(pageSize: number): AsyncIterable<ListedBlob[]> {
    const { sdk, client } = await this.client();
    let next: string | undefined;
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({
          Bucket: this.settings.bucket,
          MaxKeys: Math.min(pageSize, 1_000),
          ContinuationToken: next,
        }),
      );
      yield (page.Contents ?? []).flatMap(({ Key, LastModified }) =>
        Key !== undefined && LastModified && isBlobKey(Key) ? [{ key: Key, modifiedAt: LastModified }] : [],
      );
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
  }

  removeLeftovers(olderThan: Date): Promise<number> {
    return this.spool.removeOlder(olderThan);
  }

  /** The SDK cannot try a stream again, so each try opens the file anew. */
  private async send(file: SpooledFile): Promise<void> {
    const found = await this.stat(file.key);
    if (found?.sizeBytes === file.sizeBytes && Date.now() - found.modifiedAt.getTime() < FRESH_FOR_MS) return;
    const { sdk, client } = await this.client();
    for (let attempt = 1; ; attempt++) {
      const body = createReadStream(file.path);
      try {
        await client.send(
          new sdk.PutObjectCommand({
            Bucket: this.settings.bucket,
            Key: file.key,
            Body: body,
            ContentLength: file.sizeBytes,
            ChecksumSHA256: Buffer.from(file.sha256, 'hex').toString('base64'),
          }),
        );
        return;
      } catch (error) {
        const status = statusOf(error);
        if (attempt === TRIES || (status !== undefined && status < 500 && status !== 429)) throw error;
      } finally {
        body.destroy();
      }
      await sleep(100 * attempt);
    }
  }

  private open(key: string): Promise<{ sdk: Sdk; client: S3Client }> {
    return isBlobKey(key) ? this.client() : Promise.reject(new BlobMissing(key));
  }

  private client(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.opened ??= this.connect();
    return this.opened;
  }

  private async connect(): Promise<{ sdk: Sdk; client: S3Client }> {
    const sdk = await import('@aws-sdk/client-s3');
    const { region, endpoint, credentials } = this.settings;
    const client = new sdk.S3Client({
      region,
      ...(endpoint && { endpoint, forcePathStyle: true }),
      ...(credentials && { credentials }),
      maxAttempts: TRIES,
      // What goes wrong is thrown, and told of where it is caught; the SDK would write to the console.
      logger: SILENT,
      // Checksums of the SDK's own choice go as trailers, which many a store does not understand; we send SHA-256 ourselves.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return { sdk, client };
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;

const isAbsent = (error: unknown): boolean =>
  statusOf(error) === 404 && (error as { name?: string }).name !== 'NoSuchBucket';

const missing = (error: unknown, key: string): unknown => (isAbsent(error) ? new BlobMissing(key) : error);
