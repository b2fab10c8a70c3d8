import { connect, type Socket } from 'node:net';

const ANSWER_WITHIN_MS = 30_000;

/** SMTP by hand over a socket (RFC 5321): says exactly the bytes it is told, well-formed or not. */
export class SmtpDialogue {
  private received = '';
  private ended = false;
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  /** Connects and reads the greeting. */
  static async open(port: number, host = '127.0.0.1'): Promise<SmtpDialogue> {
    const dialogue = await SmtpDialogue.connect(port, host);
    await dialogue.expect(220);
    return dialogue;
  }

  /** Connected, nothing read yet. @throws when nobody listens */
  static connect(port: number, host = '127.0.0.1'): Promise<SmtpDialogue> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true });
      const dialogue = new SmtpDialogue(socket);
      socket.once('error', reject).once('connect', () => resolve(dialogue));
    });
  }

  /** Sends a command and returns the whole answer, `250 2.1.0 Ok`. */
  async say(command: string): Promise<string> {
    this.write(`${command}\r\n`);
    return this.answer();
  }

  /** As `say`, and the answer must have this code. */
  async must(command: string, code: number): Promise<string> {
    this.write(`${command}\r\n`);
    return this.expect(code);
  }

  /** Greets and names sender and recipients, and stands after DATA's 354. */
  async openData(from: string, to: readonly string[]): Promise<void> {
    await this.must('EHLO client.example', 250);
    await this.envelope(from, to);
  }

  async envelope(from: string, to: readonly string[]): Promise<void> {
    await this.must(`MAIL FROM:<${from}>`, 250);
    for (const address of to) await this.must(`RCPT TO:<${address}>`, 250);
    await this.must('DATA', 354);
  }

  /** Bytes as they are. */
  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next whole answer, all its lines. @throws when the server hangs up or says nothing */
  async answer(withinMs = ANSWER_WITHIN_MS): Promise<string> {
    const untilMs = Date.now() + withinMs;
    for (;;) {
      const found = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(this.received);
      if (found) {
        this.received = this.received.slice(found[0].length);
        return found[0].trimEnd();
      }
      if (this.ended) throw new Error(`The server hung up; it had said ${JSON.stringify(this.received)}`);
      const leftMs = untilMs - Date.now();
      if (leftMs <= 0) throw new Error(`No SMTP answer within ${withinMs} ms`);
      await this.somethingNew(leftMs);
    }
  }

  async expect(code: number): Promise<string> {
    const answer = await this.answer();
    if (!answer.startsWith(String(code)))
      throw new Error(`Expected ${code}, the server said ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Goes without a word, as a client that crashed. */
  vanish(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }

  private wake(): void {
    for (const one of this.waiting.splice(0)) one();
  }

  private somethingNew(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The code an SMTP answer begins with. */
export const codeOf = (answer: string): number => Number(answer.slice(0, 3));

/** A plain mail as bytes on the wire: CRLF, dots doubled (RFC 5321 4.5.2), the end of DATA included. */
export function dataOf(mail: string): string {
  const lines = mail.split(/\r?\n/).map((line) => (line.startsWith('.') ? `.${line}` : line));
  return `${lines.join('\r\n')}\r\n.\r\n`;
}
