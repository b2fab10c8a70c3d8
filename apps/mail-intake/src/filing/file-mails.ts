import type { Logger } from 'pino';
import type { z } from 'zod';
import { systemActor } from '#shared/contracts/actor.js';
import type { ReplyOf, RequestOf } from '#shared/contracts/contract.js';
import { fileMails } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import type { ThreadPolicy } from '#mail/thread.js';
import { threadingView } from '#shared/contracts/messages.js';
import { keepAsking } from '../keep-asking.js';
import { filingWaves, requestsThatFit } from './filing-order.policy.js';
import { findTicket } from './find-ticket.js';
import type { MailInHand } from './read-claimed-mail.js';

type FiledItem = RequestOf<typeof fileMails>['mails'][number];
type Result = ReplyOf<typeof fileMails>['results'][number];

export interface FilingParts {
  client: ContractClient;
  worker: string;
  replyAddressSecret: string;
  threadPolicy: ThreadPolicy;
  log: Logger;
  onFiled?: (disposition: string) => void;
}

export interface Lease {
  deadlineMs: number;
  signal: AbortSignal;
}

/**
 * Threads and files a batch, one request for each organisation. What fails stays claimed until the lease runs out, then
 * somebody claims it again; the core files a mail once, however often it is asked.
 */
export class FileMails {
  constructor(private readonly parts: FilingParts) {}

  async execute(batch: readonly MailInHand[], lease: Lease): Promise<void> {
    for (const wave of filingWaves(batch)) {
      const items = await Promise.all(wave.map((mail) => this.thread(mail, lease)));
      const byOrg = new Map<string, FiledItem[]>();
      wave.forEach(({ claimed }, at) => {
        const item = items[at];
        if (item) byOrg.set(claimed.orgId, [...(byOrg.get(claimed.orgId) ?? []), item]);
      });
      await Promise.all([...byOrg].map(([orgId, mails]) => this.fileFor(orgId, mails, lease)));
    }
  }

  private async thread(mail: MailInHand, lease: Lease): Promise<FiledItem | null> {
    const { client, replyAddressSecret, threadPolicy, log } = this.parts;
    const { id } = mail.claimed;
    try {
      const choice = await keepAsking(() => findTicket(mail, client, replyAddressSecret, threadPolicy), lease);
      const { ticketId, ...threading } = choice;
      return { id, facts: mail.facts, threading: shortened(threading), ticketId };
    } catch (error) {
      log.warn({ err: error, mail: id }, 'a mail could not be threaded, it is tried again later');
      return null;
    }
  }

  private async fileFor(orgId: string, mails: FiledItem[], lease: Lease): Promise<void> {
    for (const request of requestsThatFit(mails, bytesOf)) {
      try {
        this.note(await this.ask(orgId, request, lease));
      } catch (error) {
        // One mail that is described badly must not take the others of its request along.
        if (isBadRequest(error) && request.length > 1) {
          for (const mail of request) await this.fileFor(orgId, [mail], lease);
          continue;
        }
        const ids = request.map(({ id }) => id);
        this.parts.log.warn({ err: error, orgId, mails: ids }, 'mails could not be filed, they are tried again later');
      }
    }
  }

  private async ask(orgId: string, mails: FiledItem[], lease: Lease): Promise<Result[]> {
    const { client, worker } = this.parts;
    const reply = await keepAsking(
      () => client.request(fileMails, { worker, mails }, { actor: systemActor(orgId) }),
      lease,
    );
    return reply.results;
  }

  private note(results: readonly Result[]): void {
    for (const { id, disposition, error } of results) {
      if (disposition) this.parts.onFiled?.(disposition);
      else this.parts.log.warn({ mail: id, why: error }, 'the core did not file a mail, it is tried again later');
    }
  }
}

const isBadRequest = (error: unknown): boolean => error instanceof DeskError && error.code === 'BAD_REQUEST';

/** How large an item may become as JSON; exactly only when it matters. */
function bytesOf(item: FiledItem): number {
  const { text, reply, attachments } = item.facts;
  const characters = text.length + reply.length;
  if (characters < 10_000 && attachments.length < 10) return characters * 6 + 40_000;
  return Buffer.byteLength(JSON.stringify(item));
}

const MOST_REFUSED = 50;

const shortened = (threading: z.output<typeof threadingView>): z.output<typeof threadingView> => ({
  ...threading,
  evidence: threading.evidence.slice(0, 1_000),
  refused: threading.refused.slice(0, MOST_REFUSED),
});
