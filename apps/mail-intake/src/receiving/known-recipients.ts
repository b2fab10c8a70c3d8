import { resolveRecipient } from '#shared/contracts/mail-in.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { SmtpRefusal } from './smtp-refusal.js';

export interface Recipient {
  orgId: string;
  address: string;
}

/** How long a positive answer is believed. A no is asked again each time: a new address works at once. */
const BELIEVED_MS = 10_000;
const MOST_KEPT = 10_000;

/** Whether somebody here has that address, asked from the core and remembered for some seconds. */
export class KnownRecipients {
  private readonly known = new Map<string, { orgId: string; untilMs: number }>();
  private readonly asking = new Map<string, Promise<string | null>>();

  constructor(
    private readonly client: ContractClient,
    private readonly mailDomain: string,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @returns the organisation and the address as it was written, token and all
   * @throws SmtpRefusal 550 for an address that nobody has (RFC 5321 3.3), DeskError when the core cannot be asked
   */
  async find(written: string): Promise<Recipient> {
    // RFC 5321 4.1.1.3: `<postmaster>` needs no domain.
    const address = written.includes('@') ? written : `${written}@${this.mailDomain}`;
    for (const candidate of spellings(address)) {
      const orgId = this.remembered(candidate) ?? (await this.ask(candidate));
      if (orgId) return { orgId, address };
    }
    throw new SmtpRefusal(550, 'Nobody here has this address');
  }

  private remembered(address: string): string | null {
    const entry = this.known.get(address);
    return entry && entry.untilMs > this.now() ? entry.orgId : null;
  }

  /** Mails that arrive together ask once. */
  private ask(address: string): Promise<string | null> {
    const running = this.asking.get(address);
    if (running) return running;
    const asked = this.client
      .request(resolveRecipient, { address })
      .then((found) => {
        if (found) this.remember(address, found.orgId);
        return found?.orgId ?? null;
      })
      .finally(() => this.asking.delete(address));
    this.asking.set(address, asked);
    return asked;
  }

  private remember(address: string, orgId: string): void {
    if (this.known.size >= MOST_KEPT) this.known.clear();
    this.known.set(address, { orgId, untilMs: this.now() + BELIEVED_MS });
  }
}

/** `support+token@acme.test` belongs to `support@acme.test`, unless the desk's own address has a plus. */
function spellings(address: string): string[] {
  const whole = address.toLowerCase();
  const at = whole.lastIndexOf('@');
  const plus = whole.indexOf('+');
  return plus > 0 && plus < at ? [whole.slice(0, plus) + whole.slice(at), whole] : [whole];
}
