import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobMissing, BlobTooLarge } from './blob-store.js';
import { openBlobs } from './open-blobs.js';
import { S3Blobs } from './s3-blobs.js';

/** What of S3's protocol the store uses, by path: PUT with its checksum, GET with ranges, HEAD, DELETE, ListObjectsV2. */
class FakeS3 {
  readonly objects = new Map<string, { bytes: Buffer; modifiedAt: Date }>();
  readonly seen: { method: string; url: URL; signed: boolean }[] = [];
  /** Statuses to answer with first, instead of doing it. */
  failures: number[] = [];
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://s3');
    const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=key/') ?? false;
    this.seen.push({ method: request.method!, url, signed });
    const body = await buffer(request);
    const fail = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    };
    const failure = request.method === 'PUT' ? this.failures.shift() : undefined;
    if (failure !== undefined) return fail(failure, failure === 503 ? 'SlowDown' : 'AccessDenied');
    if (!signed) return fail(403, 'AccessDenied');
    const [, bucket, ...path] = url.pathname.split('/');
    if (bucket !== 'deskwire') return fail(404, 'NoSuchBucket');
    if (url.searchParams.has('list-type')) return this.list(url, response);
    const key = path.join('/');
    const found = this.objects.get(key);
    if (request.method === 'PUT') {
      const claimed = request.headers['x-amz-checksum-sha256'];
      if (createHash('sha256').update(body).digest('base64') !== claimed) return fail(400, 'BadDigest');
      this.objects.set(key, { bytes: body, modifiedAt: new Date() });
      response.writeHead(200, { etag: '"x"' }).end();
    } else if (request.method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (!found) fail(404, 'NoSuchKey');
    else {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const bytes = start === undefined ? found.bytes : found.bytes.subarray(Number(start), Number(end) + 1);
      response.writeHead(start === undefined ? 200 : 206, {
        'content-length': bytes.length,
        'last-modified': found.modifiedAt.toUTCString(),
      });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    }
  }

  private list(url: URL, response: ServerResponse): void {
    const size = Number(url.searchParams.get('max-keys'));
    const from = Number(url.searchParams.get('continuation-token') ?? 0);
    const keys = [...this.objects.keys()].sort();
    const contents = keys.slice(from, from + size).map((key) => {
      const { modifiedAt } = this.objects.get(key)!;
      return `<Contents><Key>${key}</Key><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`;
    });
    const more = from + size < keys.length;
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + size}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`,
    );
  }
}

let s3: FakeS3;
let endpoint: string;
let folder: string;
let store: S3Blobs;
const open = (over: Partial<ConstructorParameters<typeof S3Blobs>[0]> = {}) =>
  new S3Blobs({
    bucket: 'deskwire',
    region: 'eu-central-1',
    endpoint,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    spoolFolder: folder,
    ...over,
  });

beforeAll(async () => {
  s3 = new FakeS3();
  endpoint = await s3.start();
});
afterAll(() => s3.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskwire-s3-'));
  s3.objects.clear();
  s3.seen.length = 0;
  s3.failures = [];
  store = open();
});
afterEach(() => rm(folder, { recursive: true }));

const spooled = () => readdir(join(folder, 'incoming'));
const puts = () => s3.seen.filter(({ method }) => method === 'PUT').length;
const makeOld = (key: string) => (s3.objects.get(key)!.modifiedAt = new Date(0));
const A_DAY_AGO = new Date(Date.now() - 86_400_000);

describe('blobs in a bucket', () => {
  it('go there with their hash, and come back whole or in part', async () => {
    const content = randomBytes(2 * 1_024 * 1_024);
    const blob = await store.putStream([content.subarray(0, 1_000), content.subarray(1_000)]);
    expect(blob.sizeBytes).toBe(content.length);
    expect(s3.objects.get(blob.key)!.bytes.equals(content)).toBe(true);
    expect((await store.read(blob.key)).equals(content)).toBe(true);
    const part = await buffer(await store.readStream(blob.key, { start: 5, end: 9 }));
    expect(part.equals(content.subarray(5, 10))).toBe(true);
    expect(await store.stat(blob.key)).toMatchObject({ sizeBytes: content.length });
    expect(await spooled()).toEqual([]);
    expect(s3.seen.every(({ signed }) => signed)).toBe(true);
  });

  it('take an empty file too', async () => {
    const { key } = await store.put(new Uint8Array());
    expect(s3.objects.get(key)!.bytes).toHaveLength(0);
  });

  it('are sent once as long as they are young there', async () => {
    const { key } = await store.put(Buffer.from('a mail'));
    await store.put(Buffer.from('a mail'));
    expect(puts()).toBe(1);
    makeOld(key);
    await store.put(Buffer.from('a mail'));
    expect(puts()).toBe(2);
  });

  it('are tried again when the store is busy, and not when it refuses', async () => {
    s3.failures = [503, 503];
    await store.put(Buffer.from('busy'));
    expect(s3.objects.size).toBe(1);
    s3.failures = [403, 403, 403, 403];
    await expect(store.put(Buffer.from('refused'))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(s3.failures).toHaveLength(3);
    expect(await spooled()).toEqual([]);
  });

  it('are not there, or not to be had: the two are told apart', async () => {
    const key = `aa/bb/aabb${'0'.repeat(60)}`;
    await expect(store.readStream(key)).rejects.toBeInstanceOf(BlobMissing);
    expect(await store.stat(key)).toBeNull();
    await expect(store.readStream('../other')).rejects.toBeInstanceOf(BlobMissing);
    const elsewhere = open({ bucket: 'nobodys' });
    await expect(elsewhere.readStream(key)).rejects.not.toBeInstanceOf(BlobMissing);
    const away = open({ endpoint: 'http://127.0.0.1:9' });
    await expect(away.stat(key)).rejects.toThrow();
  });

  it('leave nothing of what breaks off or is too large', async () => {
    await expect(store.receive([Buffer.alloc(11)], { maxBytes: 10 })).rejects.toBeInstanceOf(BlobTooLarge);
    const staged = await store.receive([Buffer.from('x')]);
    await staged.discard();
    expect([await spooled(), puts()]).toEqual([[], 0]);
  });

  it('are listed in pages and removed when they are old', async () => {
    const keys: string[] = [];
    for (let n = 0; n < 5; n++) keys.push((await store.put(Buffer.from(String(n)))).key);
    s3.objects.set('somebody/else', { bytes: Buffer.from('x'), modifiedAt: new Date(0) });
    const listed: string[] = [];
    for await (const page of store.list(2)) listed.push(...page.map(({ key }) => key));
    expect(listed.sort()).toEqual(keys.sort());
    expect(await store.removeIfOlder(keys[0]!, A_DAY_AGO)).toBe(false);
    makeOld(keys[0]!);
    expect(await store.removeIfOlder(keys[0]!, A_DAY_AGO)).toBe(true);
    expect(await store.stat(keys[0]!)).toBeNull();
  });
});

describe('the configuration', () => {
  const settings = { BLOB_STORE: 's3', BLOB_DIR: 'x', S3_REGION: 'us-east-1' } as const;
  it('says what is missing', () => {
    expect(() => openBlobs(settings)).toThrow('S3_BUCKET: must be set');
    expect(() => openBlobs({ ...settings, S3_BUCKET: 'deskwire', S3_ACCESS_KEY_ID: 'x' })).toThrow(
      'set both or neither',
    );
    expect(openBlobs({ ...settings, S3_BUCKET: 'deskwire' })).toBeInstanceOf(S3Blobs);
  });
});
