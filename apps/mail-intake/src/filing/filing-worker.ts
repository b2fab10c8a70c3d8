import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { claimMails, type ClaimedMail } from '#shared/contracts/mail-in.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { Alarm } from '../alarm.js';
import { FileMails, type FilingParts } from './file-mails.js';
import { NotNow, readClaimedMail, type MailInHand, type ReadingParts } from './read-claimed-mail.js';

export interface FilingSettings {
  worker: string;
  /** Mails in one claim. */
  limit: number;
  leaseMs: number;
  /** Looked for so often when no hint comes. */
  pollMs: number;
  /** Small mails read at the same time; large ones are read one after another. */
  readAtOnce: number;
}

/** The limit is what one NATS message carries of small mails: the more of an organisation's mails come together, the less each costs. */
export const FILING_DEFAULTS = { limit: 200, leaseMs: 30_000, pollMs: 1_000, readAtOnce: 8 };

/** Between two batches while accepting goes first. */
const EASE_MS = 250;

/** This long before a lease ends its mails are left alone: another worker may claim them then. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Claims accepted mails, reads and files them, until it is told to stop. While one batch is being filed the next is
 * already claimed and read. Killed at any point, the lease runs out and somebody claims the rest again.
 */
export class FilingWorker {
  private readonly alarm = new Alarm();
  private readonly stopping = new AbortController();
  private readonly files: FileMails;
  private easyUntilMs = 0;
  private running: Promise<void> | null = null;
  /** Large mails wait for one another here: each may hold tens of megabytes. */
  private large: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: FilingSettings,
    private readonly client: ContractClient,
    private readonly reading: ReadingParts,
    filing: Omit<FilingParts, 'client' | 'worker'>,
    private readonly log: Logger = filing.log,
  ) {
    this.files = new FileMails({ ...filing, client, worker: settings.worker });
  }

  start(): void {
    this.running ??= this.run();
  }

  /** A mail was accepted: look now. */
  ring(): void {
    this.alarm.ring();
  }

  /** For so long accepting goes first: senders wait for their 250, filing can wait. It goes on slowly all the same. */
  easeOff(forMs: number): void {
    this.easyUntilMs = Date.now() + forMs;
  }

  /** Claims nothing more and resolves when what is in hand is filed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.alarm.ring();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let filing: Promise<void> = Promise.resolve();
    let pauseMs = 250;
    while (!signal.aborted) {
      if (Date.now() < this.easyUntilMs) await sleep(EASE_MS, undefined, { signal }).catch(() => undefined);
      const deadlineMs = Date.now() + this.settings.leaseMs - LEASE_MARGIN_MS;
      const claim = await this.claim();
      if (!claim) {
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, 5_000);
        continue;
      }
      pauseMs = 250;
      if (claim.mails.length === 0) {
        await this.alarm.wait(this.settings.pollMs);
        continue;
      }
      const batch = await this.read(claim.mails, claim.parts);
      await filing;
      filing = this.files.execute(batch, { deadlineMs, signal }).catch((error: unknown) => {
        this.log.error({ err: error }, 'filing broke, the mails are tried again later');
      });
    }
    await filing;
  }

  private async claim(): Promise<{ mails: ClaimedMail[]; parts: Buffer[] } | null> {
    const { worker, limit, leaseMs } = this.settings;
    try {
      const { reply, parts } = await this.client.requestBinary(claimMails, { worker, limit, leaseMs }, []);
      return { mails: reply.mails, parts };
    } catch (error) {
      this.log.debug({ err: error }, 'the core gives no mails to file at the moment');
      return null;
    }
  }

  private async read(mails: readonly ClaimedMail[], parts: readonly Buffer[]): Promise<MailInHand[]> {
    const inHand: (MailInHand | null)[] = Array.from({ length: mails.length }, () => null);
    let next = 0;
    const reader = async (): Promise<void> => {
      for (let at = next++; at < mails.length; at = next++) {
        const claimed = mails[at]!;
        const read = () => this.readOne(claimed, parts[at] ?? Buffer.alloc(0));
        inHand[at] = await (claimed.blobKey === null ? read() : this.oneLargeAtATime(read));
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.settings.readAtOnce, mails.length) }, reader));
    return inHand.filter((mail) => mail !== null);
  }

  private async readOne(claimed: ClaimedMail, raw: Buffer): Promise<MailInHand | null> {
    try {
      return await readClaimedMail(claimed, raw, this.reading);
    } catch (error) {
      const err = error instanceof NotNow ? error.cause : error;
      this.log.warn({ err, mail: claimed.id }, 'a mail could not be read now, it is tried again later');
      return null;
    }
  }

  private oneLargeAtATime<T>(read: () => Promise<T>): Promise<T> {
    const turn = this.large.then(read, read);
    this.large = turn.catch(() => undefined);
    return turn;
  }
}
