import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobStore } from './blob-store.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskwire-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the blob store', () => {
  it('keeps the same content once, under its hash', async () => {
    const store = new BlobStore(folder);
    const first = await store.put(Buffer.from('a mail'));
    const second = await store.put(Buffer.from('a mail'));
    expect(second).toEqual(first);
    expect((await store.read(first.key)).toString()).toBe('a mail');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('keeps nothing when the source breaks off', async () => {
    const store = new BlobStore(folder);
    async function* brokenOff() {
      yield Buffer.from('half a ma');
      throw new Error('the client vanished');
    }
    await expect(store.putStream(brokenOff())).rejects.toThrow('vanished');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });
});
