/* oxlint-disable unicorn/require-post-message-target-origin -- a thread's postMessage has no origin */
// Runs in a thread of its own (filing-supervisor.ts starts it): reading mails never delays the SMTP side, whatever is in them.
import { promises as dns } from 'node:dns';
import { hostname } from 'node:os';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { openBlobs } from '#shared/blobs/open-blobs.js';
import { HINTS } from '#shared/contracts/hints.js';
import { connectNats } from '#shared/messaging/connect-nats.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { createLogger } from '#shared/service/logger.js';
import type { MailIntakeConfig } from '../config.js';
import { authenticityBy, nobodyIsAuthenticated } from './check-authenticity.js';
import type { Order } from './filing-supervisor.js';
import { FILING_DEFAULTS, FilingWorker } from './filing-worker.js';

/** How long a word that much is coming in holds. */
const EASE_FOR_MS = 500;

const config = workerData as MailIntakeConfig;
const log = createLogger('mail-intake', config.LOG_LEVEL).child({ part: 'filing' });
const nats = await connectNats(config.NATS_URL, 'mail-intake-filing', log);
const blobs = openBlobs(config);

const worker = new FilingWorker(
  { ...FILING_DEFAULTS, worker: `${hostname()}:${process.pid}:${threadId}`.slice(-100) },
  new ContractClient(nats),
  {
    blobs,
    secret: config.REPLY_ADDRESS_SECRET,
    checkAuthenticity: config.MAIL_AUTH
      ? authenticityBy((domain, type) => dns.resolve(domain, type), config.SMTP_NAME)
      : nobodyIsAuthenticated,
  },
  {
    replyAddressSecret: config.REPLY_ADDRESS_SECRET,
    // Where senders can be authenticated they must be; where nobody can, knowing a Message-ID and taking part is what is left.
    threadPolicy: { headersNeedAuthentication: config.MAIL_AUTH },
    log,
    onFiled: (disposition) => parentPort?.postMessage({ filed: disposition }),
  },
);
nats.subscribe(HINTS.mailAccepted, { callback: () => worker.ring() });
worker.start();

// The supervisor ends a thread that no longer says so.
setInterval(() => parentPort?.postMessage({ alive: true }), 1_000).unref();
parentPort?.postMessage({ alive: true });

parentPort?.on('message', (message: Order) => {
  if (message === 'ease') worker.easeOff(EASE_FOR_MS);
  else {
    void worker
      .stop()
      .then(() => nats.drain())
      .catch(() => nats.close())
      .finally(() => process.exit(0)); // ends this thread, not the process
  }
});
