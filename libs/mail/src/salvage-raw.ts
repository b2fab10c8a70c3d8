// A mail that mailparser refuses, made simpler: huge headers dropped, surplus parts cut, at last headers and raw text.
// RFC 5322 and 2045 leave such mails undefined; a human still has to see what came.

const HEADERS_WORTH_KEEPING =
  /^(?:from|to|cc|sender|reply-to|return-path|delivered-to|x-original-to|envelope-to|subject|date|message-id|in-reply-to|references|mime-version|content-[a-z-]+|auto-submitted|precedence|x-auto-response-suppress|list-id|x-deskwire|x-failed-recipients)$/i;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEAD_BYTES = 256 * 1024;
/** mailparser gives up at 1,000 parts. */
const MAX_PARTS = 900;
const MAX_TEXT_BYTES = 256 * 1024;

/** From the richest to the plainest. */
export function* salvageRaw(raw: Buffer): Generator<Buffer> {
  const { head, body } = split(raw);
  yield Buffer.concat([usefulHeaders(head), Buffer.from('\r\n'), cutParts(body)]);
  yield plainBody(raw);
}

/** Headers without those about the content, and the beginning of the body: one plain text for the parser. */
export function plainBody(raw: Buffer): Buffer {
  const { head, body } = split(raw);
  const headers = usefulHeaders(head)
    .toString('latin1')
    .split('\r\n')
    .filter((line) => !/^content-/i.test(line))
    .join('\r\n');
  return Buffer.concat([Buffer.from(`${headers}\r\n`, 'latin1'), body.subarray(0, MAX_TEXT_BYTES)]);
}

function split(raw: Buffer): { head: Buffer; body: Buffer } {
  const crlf = raw.indexOf('\r\n\r\n');
  const lf = raw.indexOf('\n\n');
  if (crlf < 0 && lf < 0) return { head: raw.subarray(0, MAX_HEAD_BYTES), body: Buffer.alloc(0) };
  const byCrlf = lf < 0 || (crlf >= 0 && crlf < lf);
  const end = byCrlf ? crlf : lf;
  return { head: raw.subarray(0, end), body: raw.subarray(end + (byCrlf ? 4 : 2)) };
}

/** Known headers of ordinary size, folded lines joined, each line ended by CRLF. */
function usefulHeaders(head: Buffer): Buffer {
  const kept: string[] = [];
  let size = 0;
  // Fields are found without splitting megabytes into lines first: a hostile header may be one of 30 MB.
  for (const field of head.toString('latin1').split(/\r?\n(?![ \t])/)) {
    const name = /^([^\s:]{1,60})[ \t]*:/.exec(field)?.[1];
    if (!name || !HEADERS_WORTH_KEEPING.test(name)) continue;
    const line = field.slice(0, MAX_HEADER_BYTES).replace(/\r?\n[ \t]+/g, ' ');
    if (size + line.length > MAX_HEAD_BYTES) continue;
    size += line.length;
    kept.push(`${line}\r\n`);
  }
  return Buffer.from(kept.join(''), 'latin1');
}

function cutParts(body: Buffer): Buffer {
  let at = -1;
  for (let parts = 0; parts < MAX_PARTS; parts++) {
    at = body.indexOf('\n--', at + 1);
    if (at < 0) return body;
  }
  return body.subarray(0, at);
}
