import { Injectable } from '@nestjs/common';
import type { ClaimedMail } from '#shared/contracts/mail-in.js';
import { InboundMailRepository } from './inbound-mail.repository.js';

/** NATS carries 1 MiB at most: raw bytes and envelopes together. */
const MAX_REPLY_BYTES = 960 * 1024;

/** Mails for a filing worker, with the raw bytes of those that are not in the blob store. */
@Injectable()
export class ClaimMails {
  constructor(private readonly inbound: InboundMailRepository) {}

  async execute(worker: string, limit: number, leaseMs: number): Promise<{ mails: ClaimedMail[]; raws: Buffer[] }> {
    const rows = await this.inbound.claim(worker, limit, leaseMs, MAX_REPLY_BYTES);
    return {
      mails: rows.map((row) => ({
        id: row.id,
        orgId: row.org_id,
        supportAddress: withoutTag(row.envelope.recipients[0]!.address),
        envelope: row.envelope,
        blobKey: row.blob_key,
        sha256: row.sha256,
        sizeBytes: Number(row.size_bytes),
        attempt: row.attempts,
      })),
      raws: rows.map(({ raw }) => raw ?? Buffer.alloc(0)),
    };
  }
}

/** `support+token@acme.test` is `support@acme.test` (subaddressing, RFC 5233). */
export const withoutTag = (address: string): string => address.toLowerCase().replace(/\+[^@]*(?=@)/, '');
