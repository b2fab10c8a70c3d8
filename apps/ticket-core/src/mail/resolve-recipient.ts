import { Injectable } from '@nestjs/common';
import { withoutTag } from './claim-mails.js';
import { InboundMailRepository } from './inbound-mail.repository.js';

/** Whose mailbox an address is; with or without a `+tag`. Null: nobody's here. */
@Injectable()
export class ResolveRecipient {
  constructor(private readonly inbound: InboundMailRepository) {}

  async execute(address: string): Promise<{ orgId: string; address: string } | null> {
    const row = await this.inbound.resolve(withoutTag(address));
    return row && { orgId: row.org_id, address: row.address };
  }
}
