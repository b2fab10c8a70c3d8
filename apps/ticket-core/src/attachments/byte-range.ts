import type { ByteRange } from '#shared/blobs/blob-store.js';

/** `whole` also for what need not be understood: other units, several ranges, nonsense (RFC 9110 14.2). */
export type AskedRange = 'whole' | 'unsatisfiable' | ByteRange;

/** What of `sizeBytes` a `Range` header asks for (RFC 9110 14.1.2). */
export function askedRange(header: string | undefined, sizeBytes: number): AskedRange {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= sizeBytes) return 'unsatisfiable';
  return { start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}

/** Whether one of the tags of `If-None-Match` is ours: weakly compared, as for a GET (RFC 9110 13.1.2). */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === tag);
}
