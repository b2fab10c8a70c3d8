import { randomUUID } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { pino } from 'pino';
import type { z } from 'zod';
import type { Contract, ReplyOf } from '#shared/contracts/contract.js';
import {
  acceptMails,
  claimMails,
  fileMails,
  findThreads,
  resolveRecipient,
  type ClaimedMail,
  type Envelope,
  type ReadMailFacts,
  type ThreadCandidate,
} from '#shared/contracts/mail-in.js';
import { claimOutgoing, settleOutgoing, type OutgoingMail } from '#shared/contracts/mail-out.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { answerBinary } from '#shared/messaging/answer-binary.js';

export const SUPPORT = 'support@acme.test';
export const ORG = '0198a000-0000-7000-8000-000000000001';

export interface AcceptedRow {
  id: string;
  envelope: Envelope;
  sha256: string;
  sizeBytes: number;
  blobKey: string | null;
  raw: Buffer;
  attempt: number;
  leaseEndsMs: number;
  filed: { facts: ReadMailFacts; ticketId: string | null; rule: string; evidence: string } | null;
}

/** Answers the core's mail contracts from memory, on a real nats-server, as the contracts say. */
export class FakeCore {
  readonly rows: AcceptedRow[] = [];
  readonly filedInOrder: string[] = [];
  readonly outgoing: OutgoingMail[] = [];
  readonly settled: { id: string; state: string; detail: string }[] = [];
  candidates: ThreadCandidate[] = [];
  resolved = 0;
  /** What to do instead of answering: for tests of failure. */
  beforeAccept: () => Promise<void> = async () => undefined;
  beforeFile: () => Promise<void> = async () => undefined;
  beforeSettle: () => Promise<void> = async () => undefined;
  private readonly claimedOutgoing = new Set<string>();
  private subscriptions: Subscription[] = [];

  constructor(private readonly nats: NatsConnection) {}

  async start(): Promise<void> {
    this.subscriptions = [
      this.binary(acceptMails, (input, parts) => this.accept(input, parts)),
      this.binary(claimMails, (input) => this.claim(input)),
      this.json(resolveRecipient, async ({ address }) => {
        this.resolved++;
        return address === SUPPORT ? { orgId: ORG, address: SUPPORT } : null;
      }),
      this.json(findThreads, async ({ messageIds, ticketIds, numbers }) => ({
        candidates: this.candidates.filter(
          (one) =>
            ticketIds.includes(one.ticketId) ||
            numbers.includes(one.number) ||
            one.messageIds.some((id) => messageIds.includes(id)),
        ),
      })),
      this.json(fileMails, (input) => this.file(input)),
      this.json(claimOutgoing, async ({ limit }) => {
        const mails = this.outgoing.filter(({ id }) => !this.claimedOutgoing.has(id)).slice(0, limit);
        mails.forEach(({ id }) => this.claimedOutgoing.add(id));
        return { mails, nextInMs: null };
      }),
      this.json(settleOutgoing, async ({ id, outcome }) => {
        await this.beforeSettle();
        this.settled.push({ id, state: outcome.state, detail: outcome.detail });
        return { state: outcome.state };
      }),
    ];
    await this.nats.flush();
  }

  /** From now on nobody answers, as when the core is away. */
  async stop(): Promise<void> {
    this.subscriptions.forEach((subscription) => subscription.unsubscribe());
    this.subscriptions = [];
    await this.nats.flush();
  }

  /** Lets what is claimed be claimed again, as when the leases ran out. */
  endLeases(): void {
    for (const row of this.rows) row.leaseEndsMs = 0;
  }

  private async accept({ mails }: z.output<typeof acceptMails.request>, parts: Buffer[]) {
    await this.beforeAccept();
    const rows = mails.map(({ trace: _trace, ...mail }, place) => ({
      id: randomUUID(),
      ...mail,
      raw: Buffer.from(parts[place] ?? Buffer.alloc(0)),
      attempt: 0,
      leaseEndsMs: 0,
      filed: null,
    }));
    this.rows.push(...rows);
    return { reply: { results: rows.map(({ id }) => ({ ids: [id] })) } };
  }

  private async claim({ limit, leaseMs }: z.output<typeof claimMails.request>) {
    const now = Date.now();
    const rows = this.rows.filter((row) => !row.filed && row.leaseEndsMs < now).slice(0, limit);
    const mails = rows.map((row): ClaimedMail => {
      row.attempt++;
      row.leaseEndsMs = now + leaseMs;
      const { id, envelope, blobKey, sha256, sizeBytes, attempt } = row;
      return { id, orgId: ORG, supportAddress: SUPPORT, envelope, blobKey, sha256, sizeBytes, attempt };
    });
    return { reply: { mails }, parts: rows.map(({ raw }) => raw) };
  }

  private async file({ mails }: z.output<typeof fileMails.request>): Promise<ReplyOf<typeof fileMails>> {
    await this.beforeFile();
    const results = mails.map(({ id, facts, threading, ticketId }) => {
      const row = this.rows.find((one) => one.id === id);
      if (!row) throw new DeskError('NOT_FOUND');
      if (!row.filed) this.filedInOrder.push(id);
      const ticket = ticketId ?? row.filed?.ticketId ?? randomUUID();
      row.filed ??= { facts, ticketId: ticket, rule: threading.rule, evidence: threading.evidence };
      const disposition = ticketId ? ('message_added' as const) : ('ticket_opened' as const);
      return { id, disposition, ticketId: ticket, ticketNumber: 1, error: null };
    });
    return { results };
  }

  private binary<C extends Contract>(
    contract: C,
    handle: (input: z.output<C['request']>, parts: Buffer[]) => Promise<{ reply: ReplyOf<C>; parts?: Buffer[] }>,
  ): Subscription {
    return answerBinary(this.nats, 'ticket-core', contract, pino({ level: 'silent' }), handle);
  }

  private json<C extends Contract>(
    contract: C,
    handle: (input: z.output<C['request']>) => Promise<ReplyOf<C>>,
  ): Subscription {
    return this.nats.subscribe(contract.subject, {
      queue: 'ticket-core',
      callback: (_error, message) => {
        const { data } = message.json<{ data: unknown }>();
        const answer = async (): Promise<void> => {
          try {
            const response = await handle(contract.request.parse(data) as z.output<C['request']>);
            message.respond(JSON.stringify({ response, isDisposed: true }));
          } catch (error) {
            message.respond(JSON.stringify({ err: DeskError.from(error).toWire(), isDisposed: true }));
          }
        };
        void answer();
      },
    });
  }
}
