const CR = 13;
const LF = 10;
const CRLF = Buffer.from('\r\n');

/**
 * Makes every line end in CRLF (RFC 5321 2.3.8). A bare LF or CR is where one server sees the end of a line and the
 * next does not, which is how a second mail is smuggled in a first; after this there is nothing to disagree on.
 * Many simple clients send bare LF, so the mail is mended, not refused. Chunks may split a CRLF.
 */
export class LineEndings {
  private lastWasCr = false;

  push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const pieces: Buffer[] = [];
    let kept = 0; // start of what has not been copied yet
    let at = 0;
    if (this.lastWasCr) {
      this.lastWasCr = false;
      pieces.push(CRLF);
      if (chunk[0] === LF) at = kept = 1;
    }
    let cr = chunk.indexOf(CR, at);
    let lf = chunk.indexOf(LF, at);
    while (cr >= 0 || lf >= 0) {
      if (cr >= 0 && (lf < 0 || cr < lf)) {
        if (cr === chunk.length - 1) {
          // Whether an LF follows is known only with the next chunk.
          this.lastWasCr = true;
          pieces.push(chunk.subarray(kept, cr));
          kept = chunk.length;
          break;
        }
        if (lf === cr + 1) at = lf + 1;
        else {
          pieces.push(chunk.subarray(kept, cr), CRLF);
          at = kept = cr + 1;
        }
      } else {
        pieces.push(chunk.subarray(kept, lf), CRLF);
        at = kept = lf + 1;
      }
      if (cr >= 0 && cr < at) cr = chunk.indexOf(CR, at);
      if (lf >= 0 && lf < at) lf = chunk.indexOf(LF, at);
    }
    if (pieces.length === 0) return chunk;
    if (kept < chunk.length) pieces.push(chunk.subarray(kept));
    return Buffer.concat(pieces);
  }

  /** What is still held back when the mail ends: a last CR becomes a line's end. */
  end(): Buffer {
    const rest = this.lastWasCr ? CRLF : Buffer.alloc(0);
    this.lastWasCr = false;
    return rest;
  }
}
