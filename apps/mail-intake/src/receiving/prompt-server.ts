/* oxlint-disable no-underscore-dangle -- smtp-server marks so what subclasses of its own use */
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type net from 'node:net';

/**
 * smtp-server without its fixed 100 ms before the greeting. The delay is there to catch clients that talk too soon;
 * those that do are mostly honest senders behind a load balancer, and it would be most of the way from wire to ticket.
 */
class PromptConnection extends SMTPConnection {
  override init(): void {
    this._setListeners(() => {
      const { maxClients } = this._server.options;
      if (maxClients && this._server.connections.size > maxClients) {
        this.send(421, 'Too many connections at the moment, please come later', false);
        return;
      }
      this.connectionReady();
    });
  }
}

export class PromptServer extends SMTPServer {
  private readonly bySession = new WeakMap<object, SMTPConnection>();

  override connect(socket: net.Socket, options?: ConstructorParameters<typeof SMTPConnection>[2]): void {
    const connection = new PromptConnection(this, socket, options);
    this.connections.add(connection);
    this.bySession.set(connection.session, connection);
    connection.on('error', (error: Error) => this.emit('error', error));
    connection.init();
  }

  /** Ends a session from our side: 421, then the socket (RFC 5321 3.8). */
  hangUp(session: object, why: string): void {
    this.bySession.get(session)?.send(421, why);
  }
}
