import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobMissing, BlobTooLarge } from './blob-store.js';
import { LocalBlobs } from './local-blobs.js';

let folder: string;
let store: LocalBlobs;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskwire-blobs-'));
  store = new LocalBlobs(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const halfWritten = () => readdir(join(folder, 'incoming'));
const pagesOf = async () => {
  const pages: string[][] = [];
  for await (const page of store.list(2)) pages.push(page.map(({ key }) => key));
  return pages;
};
const keysIn = async () => (await pagesOf()).flat();
const makeOld = (key: string) => utimes(join(folder, key), new Date(0), new Date(0));
const A_DAY_AGO = new Date(Date.now() - 86_400_000);

describe('blobs in a folder', () => {
  it('keep the same content once, under its hash', async () => {
    const first = await store.put(Buffer.from('a mail'));
    const second = await store.put(Buffer.from('a mail'));
    expect(second).toEqual(first);
    expect((await store.read(first.key)).toString()).toBe('a mail');
    expect(await keysIn()).toEqual([first.key]);
    expect(await halfWritten()).toEqual([]);
  });

  it('keep nothing when the source breaks off', async () => {
    async function* brokenOff() {
      yield Buffer.from('half a ma');
      throw new Error('the client vanished');
    }
    await expect(store.putStream(brokenOff())).rejects.toThrow('vanished');
    expect(await halfWritten()).toEqual([]);
  });

  it('keep nothing of a source that is too long, and all of one that just fits', async () => {
    await expect(store.receive([Buffer.alloc(6), Buffer.alloc(5)], { maxBytes: 10 })).rejects.toBeInstanceOf(
      BlobTooLarge,
    );
    expect(await halfWritten()).toEqual([]);
    const staged = await store.receive([Buffer.alloc(10)], { maxBytes: 10 });
    expect(staged.sizeBytes).toBe(10);
    expect(await keysIn()).toEqual([]);
    await staged.keep();
    expect(await keysIn()).toEqual([staged.key]);
  });

  it('forget what was staged and is not wanted', async () => {
    const staged = await store.receive([Buffer.from('x')]);
    await staged.discard();
    expect([await keysIn(), await halfWritten()]).toEqual([[], []]);
  });

  it('give parts, and say at once what is not there', async () => {
    const { key } = await store.put(Buffer.from('0123456789'));
    const part = await store.readStream(key, { start: 3, end: 5 });
    expect(Buffer.concat(await part.toArray()).toString()).toBe('345');
    const absent = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await expect(store.readStream(absent)).rejects.toBeInstanceOf(BlobMissing);
    await expect(store.read(absent)).rejects.toBeInstanceOf(BlobMissing);
    expect(await store.stat(absent)).toBeNull();
  });

  it.each(['../../etc/passwd', 'aa/bb/not-a-hash', 'incoming/x', '', `aa/bb/${'c'.repeat(64)}`])(
    'take nothing but a hash as a key: %s',
    async (key) => {
      await writeFile(join(folder, 'secret'), 'x');
      await expect(store.readStream(key)).rejects.toBeInstanceOf(BlobMissing);
      await expect(store.remove(key)).rejects.toBeInstanceOf(BlobMissing);
      expect(await store.stat(key)).toBeNull();
    },
  );

  it('are listed in pages', async () => {
    for (let n = 0; n < 5; n++) await store.put(Buffer.from(String(n)));
    const pages = await pagesOf();
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat()).size).toBe(5);
  });

  it('are removed when they are old, and stay when they were put again', async () => {
    const { key } = await store.put(Buffer.from('a mail'));
    expect(await store.removeIfOlder(key, A_DAY_AGO)).toBe(false);
    expect(await keysIn()).toEqual([key]);
    await makeOld(key);
    await store.put(Buffer.from('a mail'));
    expect(await store.removeIfOlder(key, A_DAY_AGO)).toBe(false);
    await makeOld(key);
    expect(await store.removeIfOlder(key, A_DAY_AGO)).toBe(true);
    expect([await keysIn(), await halfWritten()]).toEqual([[], []]);
    expect(await store.removeIfOlder(key, A_DAY_AGO)).toBe(false);
  });

  it('never lose what is put while it is being removed', async () => {
    const content = Buffer.from('raced for');
    const { key } = await store.put(content);
    for (let round = 0; round < 60; round++) {
      await makeOld(key).catch(() => null);
      await Promise.all([store.removeIfOlder(key, A_DAY_AGO), store.put(content), store.put(content)]);
      expect((await store.read(key)).equals(content)).toBe(true);
    }
  });

  it('lose what a crash left behind, after a while', async () => {
    const { key } = await store.put(Buffer.from('whole'));
    await writeFile(join(folder, 'incoming', 'old'), 'x');
    await writeFile(join(folder, 'incoming', 'new'), 'x');
    await utimes(join(folder, 'incoming', 'old'), new Date(0), new Date(0));
    expect(await store.removeLeftovers(A_DAY_AGO)).toBe(1);
    expect(await halfWritten()).toEqual(['new']);
    expect(await stat(join(folder, key))).toMatchObject({ size: 5 });
  });
});
