import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Whether something may listen there; the code tells why not (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export async function portProblem(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/** Below where Linux and macOS take ports for outgoing connections: none of our own can be given one of these meanwhile. */
const FROM_PORT = 10_000;
const TO_PORT = 32_000;

/** `count` different ports that were free on 127.0.0.1 a moment ago, none of `except`. */
export async function freePorts(count: number, except: ReadonlySet<number> = new Set()): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(FROM_PORT, TO_PORT);
    if (!ports.has(port) && !except.has(port) && (await portProblem('127.0.0.1', port)) === null) ports.add(port);
  }
  return [...ports];
}
