import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { findThreads, ThreadCandidate } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { FollowMerged } from '../merges/follow-merged.js';
import { InboundMailRepository, type ThreadRow } from './inbound-mail.repository.js';

/** The tickets that a mail's headers, addresses or numbers may mean, with who takes part in each. */
@Injectable()
export class FindThreads {
  constructor(
    private readonly database: Database,
    private readonly inbound: InboundMailRepository,
    private readonly merged: FollowMerged,
    private readonly contacts: EnsureContacts,
  ) {}

  execute(actor: Actor, input: z.output<(typeof findThreads)['request']>): Promise<{ candidates: ThreadCandidate[] }> {
    if (actor.kind !== 'system') throw new DeskError('FORBIDDEN', 'Threads are looked up by the mail service');
    return this.database.tenant(actor.orgId, async (tx) => {
      // A number that Postgres' integer cannot hold is no ticket's.
      const numbers = input.numbers.filter((number) => number <= 2_147_483_647);
      const rows = await this.inbound.threads(tx, input.messageIds, input.ticketIds, numbers);
      const candidates: ThreadCandidate[] = [];
      for (const row of rows) {
        const family = row.is_merged ? await this.familyOf(tx, row.id) : [row];
        const contactIds = [...new Set(family.flatMap(({ contact_id }) => contact_id ?? []))];
        const reached = [...(await this.contacts.reachedBy(tx, contactIds)).values()];
        candidates.push({
          ticketId: row.id,
          number: row.number,
          status: row.status,
          participants: [
            ...new Set([...reached.flatMap(({ addresses }) => addresses), ...family.flatMap(({ cc }) => cc)]),
          ],
          contactIds: reached.flatMap(({ ids }) => ids),
          messageIds: row.mail_ids,
        });
      }
      return { candidates };
    });
  }

  /** Of tickets that are one now, who takes part in any takes part in all; the filing goes to the survivor. */
  private async familyOf(tx: Tx, ticketId: string): Promise<Pick<ThreadRow, 'contact_id' | 'email' | 'cc'>[]> {
    return this.merged.family(tx, (await this.merged.way(tx, ticketId)).at(-1)!.id);
  }
}
