import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { findThreads, ThreadCandidate } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { InboundMailRepository } from './inbound-mail.repository.js';

/** The tickets that a mail's headers, addresses or numbers may mean, with who takes part in each. */
@Injectable()
export class FindThreads {
  constructor(
    private readonly database: Database,
    private readonly inbound: InboundMailRepository,
  ) {}

  execute(actor: Actor, input: z.output<(typeof findThreads)['request']>): Promise<{ candidates: ThreadCandidate[] }> {
    if (actor.kind !== 'system') throw new DeskError('FORBIDDEN', 'Threads are looked up by the mail service');
    return this.database.tenant(actor.orgId, async (tx) => {
      // A number that Postgres' integer cannot hold is no ticket's.
      const numbers = input.numbers.filter((number) => number <= 2_147_483_647);
      const rows = await this.inbound.threads(tx, input.messageIds, input.ticketIds, numbers);
      const candidates = rows.map((row) => ({
        ticketId: row.id,
        number: row.number,
        status: row.status,
        participants: [...(row.email ? [row.email] : []), ...row.cc],
        contactIds: row.contact_id ? [row.contact_id] : [],
        messageIds: row.mail_ids,
      }));
      return { candidates };
    });
  }
}
