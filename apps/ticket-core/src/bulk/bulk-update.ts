import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { bulkInput, BulkResult, bulkResults } from '#shared/contracts/bulk.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import { DeleteTicket } from '../tickets/delete-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { demand } from '../tickets/ticket.policy.js';
import { UpdateTicket } from '../tickets/update-ticket.js';
import { tagsAfter } from './bulk-tags.js';
import { BulkRepository } from './bulk.repository.js';

type Wanted = z.output<typeof bulkInput>;
interface Done {
  id: string;
  number: number;
  /** Null of a deleted one. */
  version: number | null;
}

/** At once; fewer than the pool has, so that others find a connection meanwhile. */
const AT_ONCE = 6;
const MAX_TAGS = 50;
const NOTHING: NonNullable<Wanted['changes']> = { addTags: undefined, removeTags: undefined };

/**
 * The same change to many tickets, each in a transaction of its own: one that cannot be changed says why and stops no other,
 * and none is half changed. Each writes its history and its event as if it had been changed alone.
 */
@Injectable()
export class BulkUpdate {
  constructor(
    private readonly database: Database,
    private readonly known: BulkRepository,
    private readonly find: FindTicket,
    private readonly update: UpdateTicket,
    private readonly deleting: DeleteTicket,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @throws DeskError UNAVAILABLE when the database was away before anything was done */
  async execute(actor: Actor, wanted: Wanted): Promise<z.output<typeof bulkResults>> {
    demand(actor, wanted.action, null);
    const refs = await this.eachOnce(actor, wanted.tickets);
    const results: BulkResult[] = [];
    let next = 0;
    const worker = async () => {
      for (let place = next++; place < refs.length; place = next++)
        results[place] = await this.one(actor, refs[place]!, wanted);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const updated = results.filter(({ ok }) => ok).length;
    // Nothing was done and it is nobody's fault: asked again, with the same Idempotency-Key too, it may all be done.
    const away = results.find((one) => !one.ok && one.error.code === 'UNAVAILABLE');
    if (updated === 0 && away && !away.ok) throw new DeskError('UNAVAILABLE', away.error.detail);
    return { results, updated, failed: results.length - updated };
  }

  /** A ticket named twice, by number and by id too, counts once, at its first place. */
  private async eachOnce(actor: Actor, tickets: readonly TicketRef[]): Promise<TicketRef[]> {
    const numbers = tickets.flatMap((ref) => numberOf(ref) ?? []);
    const ids = await this.database.tenant(actor.orgId, (tx) => this.known.idsOf(tx, [...new Set(numbers)]));
    const seen = new Set<string>();
    return tickets.filter((ref) => {
      const number = numberOf(ref);
      const name = number === null ? String(ref).toLowerCase() : (ids.get(number) ?? `#${number}`);
      return !seen.has(name) && seen.add(name);
    });
  }

  private async one(actor: Actor, ref: TicketRef, wanted: Wanted): Promise<BulkResult> {
    const ticket = String(ref);
    try {
      const done = await (wanted.action === 'delete' ? this.remove(actor, ref) : this.change(actor, ref, wanted));
      return { ticket, ok: true, ...done };
    } catch (thrown) {
      const error = DeskError.from(thrown);
      if (error.code === 'INTERNAL')
        this.log.error({ err: error.cause ?? error, ticket }, 'a ticket of many could not be changed');
      const { code, message: detail, problems } = error;
      return {
        ticket,
        ok: false,
        error: {
          code,
          detail,
          errors: problems.map(({ pointer, message }) => ({ pointer: `/changes${pointer}`, message })),
        },
      };
    }
  }

  private change(actor: Actor, ref: TicketRef, { changes, note }: Wanted): Promise<Done> {
    const { addTags, removeTags, ...fields } = changes ?? NOTHING;
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      const tags = tagsAfter(row.tags, addTags, removeTags);
      if (tags && tags.length > MAX_TAGS && tags.length > row.tags.length) {
        throw DeskError.at(
          'UNPROCESSABLE',
          '/addTags',
          `would make it ${tags.length} tags: at most ${MAX_TAGS} are possible`,
        );
      }
      const input = { ...fields, ...(tags && { tags }), note };
      const { id, number, version } = await this.update.within(tx, actor, row, input);
      return { id, number, version };
    });
  }

  private async remove(actor: Actor, ref: TicketRef): Promise<Done> {
    const { id, number } = await this.database.tenant(actor.orgId, (tx) => this.find.execute(tx, actor, ref, 'delete'));
    await this.deleting.execute(actor, id);
    return { id, number, version: null };
  }
}

const numberOf = (ref: TicketRef): number | null => {
  const text = String(ref);
  if (text.includes('-')) return null;
  const number = Number(text.replace('#', ''));
  // More than Postgres' integer holds: no ticket's.
  return number <= 2_147_483_647 ? number : null;
};
