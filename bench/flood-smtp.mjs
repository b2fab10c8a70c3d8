import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

/** Sends the same mail over some connections that stay open, one command at a time as smtp-source does. Mails a second. */
export async function floodSmtp({ port, mails, to, mailFile, connections }) {
  const text = (await readFile(mailFile, 'latin1')).replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..');
  const body = Buffer.from(`${text}\r\n.\r\n`, 'latin1');
  let left = Math.floor(mails);
  const startedAtMs = performance.now();
  const session = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const commands = [];
      let reply = '';
      const next = () => {
        if (commands.length === 0) {
          if (left-- <= 0) return void socket.end('QUIT\r\n');
          commands.push(`MAIL FROM:<customer@example.com>\r\n`, `RCPT TO:<${to}>\r\n`, 'DATA\r\n', body);
        }
        socket.write(commands.shift());
      };
      commands.push('EHLO bench.example\r\n');
      socket.setNoDelay(true);
      socket.on('data', (chunk) => {
        reply += chunk.toString('latin1');
        const last = /(?:^|\n)(\d{3}) [^\n]*\r\n$/.exec(reply);
        if (!last) return;
        if (Number(last[1]) >= 400) return void socket.destroy(new Error(`the server said ${reply.trim()}`));
        reply = '';
        if (!socket.writableEnded) next();
      });
      socket.on('error', reject).on('close', resolve);
    });
  await Promise.all(Array.from({ length: connections }, session));
  return Math.floor(mails) / ((performance.now() - startedAtMs) / 1000);
}
