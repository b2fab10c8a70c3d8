import { SmtpRefusal } from './smtp-refusal.js';

/** So many mails of one envelope sender in a minute; over it 452, and the rest comes a little later. 0 is no limit. */
export class SenderRate {
  private minute = 0;
  private mails = new Map<string, number>();

  constructor(private readonly perMinute: number) {}

  count(sender: string, nowMs: number): void {
    // The null sender (bounces) stands for everybody.
    if (this.perMinute === 0 || sender === '') return;
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.mails = new Map();
    }
    const key = sender.toLowerCase();
    const mails = (this.mails.get(key) ?? 0) + 1;
    this.mails.set(key, mails);
    if (mails > this.perMinute) throw new SmtpRefusal(452, 'Too many mails from this sender, please come later');
  }
}
