import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { jetstream, type JetStreamClient, type JetStreamPublishOptions } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { type EventEnvelope, eventSubject } from '#shared/contracts/event.js';
import { LOG, NATS } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import { statement } from '../database/statement.js';
import { ensureEventStream } from './event-stream.js';

/** Session-level advisory lock: whoever holds it is the one active relay, so that one ticket's events keep their order. */
const RELAY_LOCK = 7_345_002;
const READ_AT_ONCE = 2_000;
const BATCH = 500;
const IDLE_MIN_MS = 50;
const IDLE_MAX_MS = 1_000;
const STANDBY_MS = 1_000;
/**
 * JetStream acknowledges before it fsyncs (every 2 minutes): the tail of what was sent is published again when the relay
 * starts and whenever the bus was away, however long that took, so it is counted back from the last event sent.
 */
const TAIL_MINUTES = 5;
const KEEP_SENT_MINUTES = 60;
const SWEEP_MS = 60_000;
const HINT = 'desk.hints.outbox';

interface Row {
  id: string;
  org_id: string;
  event_id: string;
  name: string;
  version: number;
  /** JSON, as it stands in the row. */
  payload: string;
  trace: string | null;
  at: Date;
}

const COLUMNS = 'id, org_id, event_id, name, version, payload::text AS payload, trace, at';
// Rows, never "id > cursor": identities commit out of order.
const UNSENT = statement('outbox.unsent', `SELECT ${COLUMNS} FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1`);
const TAIL = statement(
  'outbox.tail',
  `SELECT ${COLUMNS} FROM outbox
   WHERE sent_at > (SELECT max(sent_at) FROM outbox) - make_interval(mins => $1) AND id > $2 ORDER BY id LIMIT $3`,
);
const MARK = statement('outbox.mark-sent', 'UPDATE outbox SET sent_at = now() WHERE id = ANY($1::bigint[])');
const SWEEP = statement('outbox.sweep', 'DELETE FROM outbox WHERE sent_at < now() - make_interval(mins => $1)');

const published = new Counter({
  name: 'deskwire_outbox_published_total',
  help: 'Events handed to JetStream',
});

/** Moves events from the outbox to JetStream: batches, the row's event id as message id, and marked only when acknowledged. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private running = true;
  private active = false;
  private busCameBack = false;
  private wakeUp: (() => void) | null = null;
  private woken = false;
  private done: Promise<void> = Promise.resolve();
  private sweptAtMs = 0;
  private readonly js: JetStreamClient;

  constructor(
    private readonly database: Database,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.js = jetstream(nats, { timeout: 5_000 });
  }

  onApplicationBootstrap(): void {
    this.nats.subscribe(HINT, { callback: () => this.signal() });
    void this.watchBus();
    this.done = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.running = false;
    this.signal();
    await this.done;
  }

  /** There is something to send; here or, when another replica is the active one, there. */
  wake(): void {
    this.signal();
    if (!this.active && !this.nats.isClosed()) this.nats.publish(HINT);
  }

  private async watchBus(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type !== 'reconnect') continue;
      this.busCameBack = true;
      this.signal();
    }
  }

  private signal(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async run(): Promise<void> {
    while (this.running) {
      let connection: pg.Client | null = null;
      try {
        connection = await this.database.workerConnection();
        await this.becomeActive(connection);
        if (this.running) await this.relay(connection);
      } catch (error) {
        this.log.warn({ err: error }, 'the outbox relay starts again');
        await this.sleep(500);
      } finally {
        this.active = false;
        await connection
          ?.end()
          .catch((error: unknown) => this.log.debug({ err: error }, 'the relay’s connection was gone already'));
      }
    }
  }

  private async becomeActive(connection: pg.Client): Promise<void> {
    while (this.running) {
      const { rows } = await connection.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
        RELAY_LOCK,
      ]);
      if (rows[0]?.locked) break;
      await this.sleep(STANDBY_MS);
    }
    if (!this.running) return;
    this.active = true;
    this.sweptAtMs = 0;
    this.busCameBack = true;
  }

  /** JetStream may have lost its tail in a power failure; the message ids make this harmless when it has not. */
  private async publishTailAgain(connection: pg.Client): Promise<void> {
    let after = '0';
    for (;;) {
      const { rows } = await connection.query<Row>({ ...TAIL, values: [TAIL_MINUTES, after, BATCH] });
      if (rows.length === 0) return;
      await Promise.all(rows.map((row) => this.publish(row)));
      after = rows.at(-1)!.id;
    }
  }

  private async relay(connection: pg.Client): Promise<void> {
    let idleMs = IDLE_MIN_MS;
    while (this.running) {
      this.woken = false;
      if (this.busCameBack) {
        this.busCameBack = false;
        await ensureEventStream(this.nats);
        await this.publishTailAgain(connection);
      }
      const { rows } = await connection.query<Row>({ ...UNSENT, values: [READ_AT_ONCE] });
      if (rows.length > 0) {
        await this.publishAndMark(connection, rows);
        idleMs = IDLE_MIN_MS;
        if (rows.length === READ_AT_ONCE) continue;
      } else {
        idleMs = Math.min(idleMs * 2, IDLE_MAX_MS);
      }
      if (Date.now() - this.sweptAtMs > SWEEP_MS) {
        this.sweptAtMs = Date.now();
        await connection.query({ ...SWEEP, values: [KEEP_SENT_MINUTES] });
      }
      if (!this.woken) await this.sleep(idleMs);
    }
  }

  /** In batches: while one is being marked the next is published already. */
  private async publishAndMark(connection: pg.Client, rows: readonly Row[]): Promise<void> {
    let marked: Promise<unknown> = Promise.resolve();
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH);
      await Promise.all([marked, ...batch.map((row) => this.publish(row))]);
      marked = connection.query({ ...MARK, values: [batch.map(({ id }) => id)] });
      published.inc(batch.length);
    }
    await marked;
  }

  private async publish(row: Row): Promise<void> {
    const { event_id: id, name, version, org_id: orgId, payload, trace } = row;
    const envelope: Omit<EventEnvelope, 'payload'> = { id, name, version, orgId, at: row.at.toISOString() };
    // The payload is JSON already: read and written once more it would cost as much as sending it.
    const body = `${JSON.stringify(envelope).slice(0, -1)},"payload":${payload}}`;
    const options: Partial<JetStreamPublishOptions> = { msgID: id };
    if (trace) {
      options.headers = natsHeaders();
      options.headers.set('traceparent', trace);
    }
    await this.js.publish(eventSubject(name, orgId), body, options);
  }

  private sleep(ms: number): Promise<void> {
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms);
      this.wakeUp = wake;
      function wake() {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
