import { Counter } from 'prom-client';

/** What passes through, for /metrics. Made after the registry was cleared at start. */
export class IntakeMetrics {
  readonly answered = new Counter({
    name: 'deskwire_mail_answered_total',
    help: 'Answers to DATA, by SMTP code',
    labelNames: ['code'],
  });
  readonly filed = new Counter({
    name: 'deskwire_mail_filed_total',
    help: 'Filed mails, by disposition',
    labelNames: ['disposition'],
  });
  readonly settled = new Counter({
    name: 'deskwire_mail_settled_total',
    help: 'Attempts to send, by outcome',
    labelNames: ['state'],
  });
}
