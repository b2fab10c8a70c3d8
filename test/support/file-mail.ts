import { createHash, randomUUID } from 'node:crypto';
import { acceptMails, claimMails, fileMails, findThreads, type ReadMailFacts } from '#shared/contracts/mail-in.js';
import type { z } from 'zod';
import type { TestCore } from './core.js';

type Filing = z.input<(typeof fileMails)['request']>['mails'][number];

/** What a mail says, but for what the test says itself. */
export const mailFacts = (from: string, overrides: Partial<ReadMailFacts> = {}): ReadMailFacts => ({
  messageId: `<${randomUUID()}@customer.example>`,
  duplicateKey: randomUUID(),
  from: { address: from, name: '' },
  cc: [],
  subject: 'It is broken',
  text: 'It is broken.',
  reply: 'It is broken.',
  kind: 'message',
  isOurOwn: false,
  bounceOf: null,
  problems: [],
  attachments: [],
  authenticated: false,
  ...overrides,
});

/** Files a mail of Acme's by the contracts, as the intake would that has decided `points`; without SMTP. */
export async function fileMail(
  core: TestCore,
  facts: ReadMailFacts,
  points: { ticketId: string; rule?: Filing['threading']['rule'] } | null = null,
) {
  const raw = Buffer.from(`Subject: x\r\n\r\n${randomUUID()}\r\n`);
  const envelope = {
    mailFrom: facts.from?.address ?? '',
    recipients: [{ orgId: core.acme.id, address: core.acme.supportAddress }],
    receivedAt: new Date().toISOString(),
    peer: '127.0.0.1',
    helo: 'mx.customer.example',
    tls: false,
  };
  const sha256 = createHash('sha256').update(raw).digest('hex');
  const mail = { envelope, sha256, sizeBytes: raw.length, blobKey: null, trace: null };
  const { reply } = await core.client.requestBinary(acceptMails, { mails: [mail] }, [raw]);
  const [accepted] = reply.results;
  if (!accepted || !('ids' in accepted)) throw new Error(`The mail was not accepted: ${JSON.stringify(accepted)}`);
  // One worker for all: several may be filed at once, and each finds its own held.
  const worker = 'test';
  await core.client.requestBinary(claimMails, { worker, limit: 256, leaseMs: 60_000 }, []);
  const threading = {
    rule: points ? (points.rule ?? 'references') : ('new' as const),
    evidence: 'said so',
    refused: [],
  };
  const filing = { id: accepted.ids[0]!, facts, threading, ticketId: points?.ticketId ?? null };
  const actor = core.serviceOf(core.acme);
  const { results } = await core.client.request(fileMails, { worker, mails: [filing] }, { actor });
  return results[0]!;
}

/** Which tickets a mail may mean, and who takes part in each. */
export const threadsOf = async (core: TestCore, questions: z.input<(typeof findThreads)['request']>) =>
  (await core.client.request(findThreads, questions, { actor: core.serviceOf(core.acme) })).candidates;
