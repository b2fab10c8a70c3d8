import type { Feature } from '../feature.js';
import { AcceptMail } from './accept-mail.js';
import { ClaimMails } from './claim-mails.js';
import { FileMails } from './file-mails.js';
import { FindThreads } from './find-threads.js';
import { InboundMailRepository } from './inbound-mail.repository.js';
import { MailNats } from './mail.nats.js';
import { OpenFromMails } from './open-from-mails.js';
import { OutboundMailRepository } from './outbound-mail.repository.js';
import { PlaceMail } from './place-mail.js';
import { QueueMail } from './queue-mail.js';
import { RecordBounce } from './record-bounce.js';
import { ResolveRecipient } from './resolve-recipient.js';
import { SendOutgoing } from './send-outgoing.js';

export const mail: Feature = {
  controllers: [MailNats],
  providers: [
    InboundMailRepository,
    AcceptMail,
    ClaimMails,
    FindThreads,
    PlaceMail,
    OpenFromMails,
    FileMails,
    ResolveRecipient,
    RecordBounce,
    OutboundMailRepository,
    QueueMail,
    SendOutgoing,
  ],
};
