import { Controller, Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { acceptMails, claimMails, fileMails, findThreads, resolveRecipient } from '#shared/contracts/mail-in.js';
import { claimOutgoing, settleOutgoing } from '#shared/contracts/mail-out.js';
import { DeskError, type WireError } from '#shared/errors/desk-error.js';
import { answerBinary } from '#shared/messaging/answer-binary.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { LOG, NATS } from '#shared/messaging/messaging.module.js';
import { AcceptMail } from './accept-mail.js';
import { ClaimMails } from './claim-mails.js';
import { FileMails } from './file-mails.js';
import { FindThreads } from './find-threads.js';
import { ResolveRecipient } from './resolve-recipient.js';
import { SendOutgoing } from './send-outgoing.js';

@Controller()
export class MailNats implements OnApplicationBootstrap {
  constructor(
    private readonly recipients: ResolveRecipient,
    private readonly accept: AcceptMail,
    private readonly claim: ClaimMails,
    private readonly threads: FindThreads,
    private readonly file: FileMails,
    private readonly outgoing: SendOutgoing,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    answerBinary(this.nats, 'ticket-core', acceptMails, this.log, async ({ mails }, raws) => {
      const settled = await Promise.allSettled(this.accept.together(mails, raws));
      return {
        reply: { results: settled.map((one) => (one.status === 'fulfilled' ? one.value : this.refused(one.reason))) },
      };
    });
    answerBinary(this.nats, 'ticket-core', claimMails, this.log, async ({ worker, limit, leaseMs }) => {
      const { mails, raws } = await this.claim.execute(worker, limit, leaseMs);
      return { reply: { mails }, parts: raws };
    });
  }

  private refused(reason: unknown): { error: WireError } {
    const error = DeskError.from(reason);
    if (error.code === 'INTERNAL') this.log.error({ err: error.cause ?? error }, 'a mail was not accepted');
    return { error: error.toWire() };
  }

  @Answers(resolveRecipient)
  resolve(@Input(resolveRecipient) input: InputOf<typeof resolveRecipient>) {
    return this.recipients.execute(input.address);
  }

  @Answers(findThreads)
  findThreads(@Input(findThreads) input: InputOf<typeof findThreads>, @ActorOf() actor: Actor) {
    return this.threads.execute(actor, input);
  }

  @Answers(fileMails)
  fileMails(@Input(fileMails) input: InputOf<typeof fileMails>, @ActorOf() actor: Actor) {
    return this.file.execute(actor, input);
  }

  @Answers(claimOutgoing)
  claimOutgoing(@Input(claimOutgoing) { worker, limit, leaseMs }: InputOf<typeof claimOutgoing>) {
    return this.outgoing.claim(worker, limit, leaseMs);
  }

  @Answers(settleOutgoing)
  settleOutgoing(@Input(settleOutgoing) input: InputOf<typeof settleOutgoing>) {
    return this.outgoing.settle(input);
  }
}
