/**
 * `Content-Disposition` of an answer (RFC 6266 4.3, RFC 8187): names beyond ASCII in `filename*`, with a plain `filename`
 * beside it for who does not know that. `name` must be a safe one (safe-name.ts).
 */
export function contentDisposition(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const quoted = `${kind}; filename="${plain}"`;
  if (plain === name) return quoted;
  // encodeURIComponent leaves these, which are no attr-char.
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${quoted}; filename*=UTF-8''${encoded}`;
}

/** The file's name in the `Content-Disposition` of a request; null when it has none that can be read. */
export function nameIn(header: string | undefined): string | null {
  if (header === undefined) return null;
  const parameters = new Map<string, string>();
  for (const [, name, quoted, token] of header.matchAll(/;\s*([\w*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g)) {
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, token ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  const extended = decoded(parameters.get('filename*'));
  if (extended !== null) return extended;
  const plain = parameters.get('filename');
  return plain === undefined ? null : asUtf8(plain);
}

/** `UTF-8''na%C3%AFve.txt` (RFC 8187 3.2.1). */
function decoded(value: string | undefined): string | null {
  const [, charset, escaped] = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value ?? '') ?? [];
  if (charset === undefined || escaped === undefined) return null;
  const bytes = Buffer.from(
    escaped.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return charset.toLowerCase() === 'utf-8' ? bytes.toString('utf8') : bytes.toString('latin1');
}

/** Node reads headers as Latin-1; programs that send UTF-8 all the same (curl does) are understood. */
function asUtf8(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
