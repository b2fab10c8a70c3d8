import { SmtpRefusal } from './smtp-refusal.js';

/** So many connections from one address at a time; over it 421, which a sender's server takes as "later". */
export class ConnectionLimit {
  private readonly open = new Map<string, Set<object>>();

  constructor(private readonly perAddress: number) {}

  enter(address: string, connection: object): void {
    const here = this.open.get(address) ?? new Set();
    if (here.size >= this.perAddress) {
      throw new SmtpRefusal(421, 'Too many connections from your address, please come later');
    }
    this.open.set(address, here.add(connection));
  }

  /** Also for one that was never let in. */
  leave(address: string, connection: object): void {
    const here = this.open.get(address);
    if (here?.delete(connection) && here.size === 0) this.open.delete(address);
  }
}
