import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Logger } from 'pino';
import { DeskError } from '#shared/errors/desk-error.js';
import { plainValue, type Statement } from './statement.js';
import { tryAgain } from './try-again.js';

/** A transaction. Only use cases open one; repositories take it as their first argument and keep none. */
export interface Tx {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs when the transaction has committed, such as waking a worker; never when it has not. */
  afterCommit(then: () => void): void;
}

export interface DatabaseSettings {
  appUrl: string;
  workerUrl: string;
  appPoolSize: number;
  workerPoolSize: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Postgres, as its two roles: one tenant at a time behind row-level security, or the few jobs across tenants. */
export class Database {
  private readonly app: pg.Pool;
  private readonly worker: pg.Pool;
  private readonly marks = new AsyncLocalStorage<(tx: Tx) => Promise<unknown>>();

  constructor(
    private readonly settings: DatabaseSettings,
    private readonly log: Logger,
  ) {
    this.app = this.pool(settings.appUrl, settings.appPoolSize);
    this.worker = this.pool(settings.workerUrl, settings.workerPoolSize);
  }

  /**
   * A transaction that sees and writes the rows of one organisation only. When it meets another one and Postgres ends it, it is
   * begun again: `work` does nothing that a rollback does not undo, and keeps nothing from a try before.
   */
  tenant<T>(orgId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    // It goes into the text of the statement, to save a round trip, so it must be nothing but an id.
    if (!UUID.test(orgId)) throw new DeskError('BAD_REQUEST', 'The organisation’s id is not a uuid');
    const mark = this.marks.getStore();
    const marked = async (tx: Tx): Promise<T> => {
      const result = await work(tx);
      await mark?.(tx);
      return result;
    };
    const begin = `BEGIN; SELECT set_config('app.org_id', '${orgId}', true)`;
    return tryAgain(() => this.transaction(this.app, begin, mark ? marked : work));
  }

  /** What `work` commits for a tenant it commits together with `mark`, which comes last in each transaction. */
  marking<T>(mark: (tx: Tx) => Promise<unknown>, work: () => Promise<T>): Promise<T> {
    return this.marks.run(mark, work);
  }

  /** A transaction across tenants, with the few rights of the worker role; begun again as one of a tenant is. */
  across<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return tryAgain(() => this.transaction(this.worker, 'BEGIN', work));
  }

  /** One statement across tenants; it is its own transaction. */
  async acrossOnce<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      const { rows } = await this.worker.query<Row>({ ...statement, values: values.map(plainValue) });
      return rows;
    } catch (error) {
      throw asDeskError(error);
    }
  }

  /** A connection of its own for what a pool cannot hold, such as a session's advisory lock. The caller ends it. */
  async workerConnection(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.settings.workerUrl,
      application_name: 'ticket-core-relay',
      keepAlive: true,
    });
    client.on('error', (error) => this.log.warn({ err: error }, 'the relay lost its connection to Postgres'));
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    await Promise.all([this.app.end(), this.worker.end()]);
  }

  private pool(connectionString: string, max: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString,
      max,
      application_name: 'ticket-core',
      // Waiting for a connection that others use counts too: a burst waits for its turn. One that asks by NATS gives up sooner.
      connectionTimeoutMillis: 10_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
      keepAlive: true,
    });
    pool.on('error', (error) => this.log.warn({ err: error }, 'an idle connection to Postgres was lost'));
    return pool;
  }

  private async transaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw asDeskError(error);
    });
    // While it is lent out the pool does not listen, and an 'error' that nobody hears ends the process. The query at work
    // is told of it anyway, or the next one.
    const lost = (error: Error) => this.log.warn({ err: error }, 'a connection to Postgres was lost in a transaction');
    client.on('error', lost);
    const then: (() => void)[] = [];
    const tx: Tx = {
      query: async <Row extends object>(statement: Statement, values: readonly unknown[] = []) => {
        const { rows } = await client.query<Row>({ ...statement, values: values.map(plainValue) });
        return rows;
      },
      afterCommit: (callback) => void then.push(callback),
    };
    let broken: Error | undefined;
    let result: T;
    try {
      await client.query(begin);
      result = await work(tx);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
      throw asDeskError(error);
    } finally {
      client.off('error', lost);
      // A connection that could not even roll back is thrown away, not handed to the next one.
      client.release(broken);
    }
    for (const callback of then) {
      try {
        callback();
      } catch (error) {
        // It is committed; that a hint could not be given must not look as if it were not.
        this.log.warn({ err: error }, 'what follows a commit failed');
      }
    }
    return result;
  }
}

/** SQLSTATEs that mean that the database is away, or busy, for a moment (PostgreSQL manual, Appendix A). */
const AWAY = /^(08|57P|53|57014|25P03)/;
const RETRY = /^(40001|40P01|55P03)$/;

export function asDeskError(error: unknown): unknown {
  if (error instanceof DeskError) return error;
  const { code, message } = error as { code?: string; message?: string };
  if (typeof code === 'string') {
    if (AWAY.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOST|NOTFOUND|AI_AGAIN)/.test(code)) return unavailable(error);
    if (RETRY.test(code)) return new DeskError('CONFLICT', 'Two changes met; try again', [], { cause: error });
  }
  if (
    message &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  ) {
    return unavailable(error);
  }
  return error;
}

const unavailable = (cause: unknown) =>
  new DeskError('UNAVAILABLE', 'The database is away or busy; try again in a moment', [], { cause });
