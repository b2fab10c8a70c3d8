import type { Readable } from 'node:stream';

export type BlobSource = Readable | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface StoredBlob {
  key: string;
  sha256: string;
  sizeBytes: number;
}

/** Bytes that have come whole and are hashed, but are not in the store yet: `keep` puts them there, `discard` forgets them. */
export interface StagedBlob extends StoredBlob {
  /** When it resolves, the bytes are durable under their key. */
  keep(): Promise<StoredBlob>;
  discard(): Promise<void>;
}

/** Both ends are included, as in HTTP (RFC 9110 14.1.2). */
export interface ByteRange {
  start: number;
  end: number;
}

export interface ListedBlob {
  key: string;
  modifiedAt: Date;
}

/** Raw mails and attachments by content hash. A key that was handed out is durable. */
export interface BlobStore {
  /** Takes a stream; memory stays at a few buffers. When the source fails or is too long nothing is kept. @throws BlobTooLarge */
  receive(source: BlobSource, limit?: { maxBytes: number }): Promise<StagedBlob>;
  /** `receive` and `keep` in one. */
  putStream(source: BlobSource): Promise<StoredBlob>;
  put(content: Uint8Array): Promise<StoredBlob>;
  /** Opened already: what is missing is told now and not in the middle of an answer. @throws BlobMissing */
  readStream(key: string, range?: ByteRange): Promise<Readable>;
  /** @throws BlobMissing */
  read(key: string): Promise<Buffer>;
  /** Null when it is not there. */
  stat(key: string): Promise<{ sizeBytes: number; modifiedAt: Date } | null>;
  remove(key: string): Promise<void>;
  /**
   * Removes it unless it was put again since: whoever puts the same content at this moment keeps a blob that is there.
   * True when it was removed.
   */
  removeIfOlder(key: string, than: Date): Promise<boolean>;
  /** All there is, in pages, in no order that means anything. */
  list(pageSize: number): AsyncIterable<ListedBlob[]>;
  /** Clears away what a crash left half-written before this time. */
  removeLeftovers(olderThan: Date): Promise<number>;
}

/** The source had more bytes than it may have. */
export class BlobTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`larger than ${maxBytes} bytes`);
    this.name = 'BlobTooLarge';
  }
}

/** Nothing lies under this key. */
export class BlobMissing extends Error {
  constructor(readonly key: string) {
    super(`there is no blob ${key}`);
    this.name = 'BlobMissing';
  }
}

/** `ab/cd/abcd…`: the content's SHA-256 is its name, so the same bytes are kept once and can be checked. */
export const blobKeyOf = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;

/** Only such a key ever becomes a path or an address. */
export const isBlobKey = (key: string): boolean => /^([0-9a-f]{2})\/([0-9a-f]{2})\/\1\2[0-9a-f]{60}$/.test(key);
