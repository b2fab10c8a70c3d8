/** Most file systems take 255 bytes of a name; what programs put before or after it must fit too. */
export const MAX_NAME_BYTES = 200;
const MAX_EXTENSION_LENGTH = 20;
const NAMELESS = 'file';

/** Devices of Windows, whatever extension they have. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * A file's name that is safe to save, to show and to send: one name without a path, without what cannot be seen (control
 * characters, the overrides that show `gpj.exe` as `exe.jpg`), without what some system refuses, of at most 200 bytes. Any
 * script and emoji stay. Safe names stay as they are.
 */
export function safeName(given: string | null | undefined): string {
  let name = given ?? '';
  // What one rule takes away may make another one apply; each round only removes or replaces, so it ends.
  for (let before = null as string | null; before !== name;) {
    before = name;
    name = cleaned(name);
  }
  return name === '' ? NAMELESS : name;
}

function cleaned(name: string): string {
  const bare = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/su, '')
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    // Formats that show nothing; the two joiners are letters' own business.
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cn}\p{Co}]/gu, '')
    .replace(/[<>:"|?*\ufffd]/gu, '_')
    .replace(/^[. ]+|[. ]+$/gu, '');
  return withinBytes(RESERVED.test(bare) ? `_${bare}` : bare);
}

function withinBytes(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const extension = extensionOf(name);
  const end = extension === '' ? '' : `.${extension}`;
  const stem = name.slice(0, name.length - end.length);
  let kept = '';
  let bytes = Buffer.byteLength(end);
  for (const { segment } of graphemes.segment(stem)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > MAX_NAME_BYTES) break;
    kept += segment;
  }
  // One character may be longer than all there is room for: letters with hundreds of accents.
  return `${kept.replace(/[. ]+$/u, '') || NAMELESS}${end}`;
}

/** What follows the last dot, without it, as it is written; '' when that is no extension. */
export function extensionOf(name: string): string {
  const [, extension = ''] = /.\.([\p{L}\p{N}_-]+)$/u.exec(name) ?? [];
  return extension.length <= MAX_EXTENSION_LENGTH ? extension : '';
}
