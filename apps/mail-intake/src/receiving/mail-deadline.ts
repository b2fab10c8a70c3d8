/**
 * A wall clock for each connection. smtp-server only knows an idle timer, which a client that sends one byte now and
 * then never trips. The clock starts with the connection and again with each mail that was answered, and stands still
 * while the client waits for us.
 */
export class MailDeadlines<Connection extends object> {
  private readonly timers = new Map<Connection, NodeJS.Timeout>();

  /** A client may vanish while we still work on its mail. */
  private readonly gone = new WeakSet<Connection>();

  constructor(
    private readonly limitMs: number,
    private readonly expire: (connection: Connection) => void,
  ) {}

  start(connection: Connection): void {
    this.stop(connection);
    if (this.gone.has(connection)) return;
    const timer = setTimeout(() => {
      this.timers.delete(connection);
      this.expire(connection);
    }, this.limitMs);
    timer.unref();
    this.timers.set(connection, timer);
  }

  stop(connection: Connection): void {
    clearTimeout(this.timers.get(connection));
    this.timers.delete(connection);
  }

  /** The connection is closed: nothing starts its clock again. */
  end(connection: Connection): void {
    this.gone.add(connection);
    this.stop(connection);
  }
}
