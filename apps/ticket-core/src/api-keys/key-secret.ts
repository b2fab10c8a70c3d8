import { createHash, randomBytes } from 'node:crypto';

/** What is kept of a key. It has 256 random bits, so a slow hash would add nothing. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** So much of the random part is shown in lists; 220 bits stay secret. */
const SHOWN_CHARS = 6;

/** `dw_acme_…`: the slug is for people, the organisation is looked up by the whole key. */
export function makeKey(slug: string): { key: string; prefix: string; hash: Buffer } {
  const key = `dw_${slug}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix: key.slice(0, `dw_${slug}_`.length + SHOWN_CHARS), hash: hashOf(key) };
}
