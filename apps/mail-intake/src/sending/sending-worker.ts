import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { systemActor } from '#shared/contracts/actor.js';
import type { ReplyOf } from '#shared/contracts/contract.js';
import { claimOutgoing, settleOutgoing, type OutgoingMail } from '#shared/contracts/mail-out.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { Alarm } from '../alarm.js';
import { keepAsking } from '../keep-asking.js';
import type { Outcome } from './delivery.policy.js';

export interface SendingSettings {
  worker: string;
  /** Mails in one claim, sent at the same time. */
  limit: number;
  leaseMs: number;
  /** Looked for at least so often. */
  pollMs: number;
}

export const SENDING_DEFAULTS = { limit: 5, leaseMs: 120_000, pollMs: 5_000 };

/** Hands one mail over and says how it went. Never rejects. */
export type Deliver = (mail: OutgoingMail) => Promise<Outcome>;

/**
 * Claims what waits to be sent, hands it to the relay and settles it in the core. Killed between the two, the mail goes
 * out a second time with the same Message-ID; there is no window beside this one.
 */
export class SendingWorker {
  private readonly alarm = new Alarm();
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly settings: SendingSettings,
    private readonly client: ContractClient,
    private readonly deliver: Deliver,
    private readonly log: Logger,
    private readonly onSettled: (state: Outcome['state']) => void = () => undefined,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** A mail was queued: look now. */
  ring(): void {
    this.alarm.ring();
  }

  /** Claims nothing more and resolves when what is in hand is sent and settled. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.alarm.ring();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { leaseMs, pollMs } = this.settings;
    let pauseMs = 250;
    while (!signal.aborted) {
      const deadlineMs = Date.now() + leaseMs;
      const claim = await this.claim();
      if (!claim) {
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, 5_000);
        continue;
      }
      pauseMs = 250;
      await Promise.all(claim.mails.map((mail) => this.send(mail, deadlineMs)));
      if (claim.mails.length === 0) await this.alarm.wait(Math.min(pollMs, Math.max(20, claim.nextInMs ?? pollMs)));
    }
  }

  private async claim(): Promise<ReplyOf<typeof claimOutgoing> | null> {
    const { worker, limit, leaseMs } = this.settings;
    try {
      return await this.client.request(claimOutgoing, { worker, limit, leaseMs });
    } catch (error) {
      this.log.debug({ err: error }, 'the core gives no mails to send at the moment');
      return null;
    }
  }

  private async send(mail: OutgoingMail, deadlineMs: number): Promise<void> {
    const { worker } = this.settings;
    const outcome = await this.deliver(mail);
    try {
      // As long as the lease holds nobody else sends it, so the core is asked until then: also while we are ending.
      await keepAsking(
        () => this.client.request(settleOutgoing, { worker, id: mail.id, outcome }, { actor: systemActor(mail.orgId) }),
        { deadlineMs, signal: new AbortController().signal },
      );
      this.onSettled(outcome.state);
    } catch (error) {
      this.log.error(
        { err: error, mail: mail.id, state: outcome.state },
        'a mail that was handled could not be settled',
      );
    }
  }
}
