// Signed reply addresses: `support+<token>@acme.test`. Who can write to one was sent it by us: it is the strongest
// evidence for a ticket, stronger than any header, because it survives clients that lose threading headers.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isPlainAddress } from './mail-headers.js';

/**
 * Token = base32(ticket id, 16 bytes ‖ tag, 12 bytes) = 45 characters of `a-z2-7`, one case, so that servers which
 * fold case do no harm. RFC 5321 4.5.3.1.1 allows 64 characters before the @: `+` and token leave 18 for the support
 * address. Organisation and contact do not fit; they are under the tag, and the verifier tries those it knows for the
 * ticket. 96 bits: guessing is possible only on-line, a mail a guess, and no guess tells more than "no".
 */
const TICKET_BYTES = 16;
const TAG_BYTES = 12;
const TOKEN = /^[a-z2-7]{45}$/;
export const MAX_SUPPORT_LOCAL_PART = 18;

/** Changes when the meaning of the signed bytes changes, so that old tokens cannot pass for new ones. */
const PURPOSE = 'deskwire reply address 1';

export interface ReplyAddressOwner {
  /** UUID. */
  orgId: string;
  /** UUID. */
  ticketId: string;
  /** UUID. */
  contactId: string;
}

/** What an address says before it is believed. */
export interface ReplyAddressClaim {
  /** The whole address, lower-cased. */
  address: string;
  /** Where it would be without the token, `support@acme.test`. */
  supportAddress: string;
  ticketId: string;
  tag: Buffer;
}

/**
 * @throws TypeError when an id is no UUID, the support address is none, or its local part leaves no room for the token.
 */
export function signReplyAddress(input: ReplyAddressOwner & { secret: string; supportAddress: string }): string {
  const { supportAddress, secret } = input;
  if (!isPlainAddress(supportAddress)) throw new TypeError('supportAddress: must be one plain address, local@domain');
  const at = supportAddress.lastIndexOf('@');
  const local = supportAddress.slice(0, at);
  if (Buffer.byteLength(local) > MAX_SUPPORT_LOCAL_PART) {
    throw new TypeError(`supportAddress: at most ${MAX_SUPPORT_LOCAL_PART} characters before the @, for the token`);
  }
  const token = encodeBase32(Buffer.concat([uuidBytes('ticketId', input.ticketId), tagOf(input, secret)]));
  return `${local}+${token}@${supportAddress.slice(at + 1)}`;
}

/** Takes an address apart. Null if it bears no token. Proves nothing yet: see verifyReplyAddress. */
export function parseReplyAddress(address: string): ReplyAddressClaim | null {
  const folded = address.trim().toLowerCase();
  const at = folded.lastIndexOf('@');
  const plus = folded.lastIndexOf('+', at);
  if (at < 1 || plus < 1) return null;
  const token = folded.slice(plus + 1, at);
  if (!TOKEN.test(token)) return null;
  const bytes = decodeBase32(token);
  const hex = bytes.subarray(0, TICKET_BYTES).toString('hex');
  return {
    address: folded,
    supportAddress: folded.slice(0, plus) + folded.slice(at),
    ticketId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    tag: bytes.subarray(TICKET_BYTES, TICKET_BYTES + TAG_BYTES),
  };
}

/** The owner among those who may hold this address, or null: forged, of another organisation, or of a stranger. */
export function verifyReplyAddress<T extends ReplyAddressOwner>(
  claim: ReplyAddressClaim,
  owners: readonly T[],
  secret: string,
): T | null {
  let holder: T | null = null;
  // All are tried: how long it takes says nothing about which one it was.
  for (const owner of owners) {
    if (owner.ticketId.toLowerCase() !== claim.ticketId) continue;
    if (timingSafeEqual(tagOf(owner, secret), claim.tag)) holder = owner;
  }
  return holder;
}

/** parseReplyAddress and verifyReplyAddress in one. */
export function readReplyAddress<T extends ReplyAddressOwner>(
  address: string,
  owners: readonly T[],
  secret: string,
): T | null {
  const claim = parseReplyAddress(address);
  return claim && verifyReplyAddress(claim, owners, secret);
}

function tagOf(owner: ReplyAddressOwner, secret: string): Buffer {
  return createHmac('sha256', secret)
    .update(PURPOSE)
    .update(uuidBytes('orgId', owner.orgId))
    .update(uuidBytes('ticketId', owner.ticketId))
    .update(uuidBytes('contactId', owner.contactId))
    .digest()
    .subarray(0, TAG_BYTES);
}

function uuidBytes(field: string, uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16 || !/^[0-9a-f-]{36}$/i.test(uuid)) throw new TypeError(`${field}: must be a UUID`);
  return bytes;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function encodeBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
    }
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
