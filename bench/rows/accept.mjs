import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparison, median, round } from '../figures.mjs';
import { customerMail } from '../mails.mjs';
import { cpuOf } from '../processes.mjs';
import { floodSmtp } from '../flood-smtp.mjs';

const CONNECTIONS = 32;
const SMTP_SOURCE = ['/usr/sbin/smtp-source', '/usr/lib/postfix/sbin/smtp-source', '/usr/local/sbin/smtp-source'];

/**
 * From SMTP to durable (mail-intake, NATS, ticket-core, Postgres with fsync) against smtp-server that discards. Filing is
 * kept from claiming meanwhile: a burst is accepted first and filed after.
 */
export async function accept(bench, options, say) {
  const stack = await bench.stack();
  const [org] = await stack.organisations(1, 'accept');
  const floor = await bench.child('floors/discard-smtp.mjs');
  const mailFile = join(stack.home, 'mail.eml');
  await writeFile(mailFile, customerMail(1, org.address).raw.toString('latin1').replaceAll('\r\n', '\n'));
  const program = SMTP_SOURCE.find((path) => existsSync(path));
  if (!program) {
    say('smtp-source is not here (Debian: `apt-get install postfix`, its daemon is not needed): our own client sends.');
  }
  const send = (port, mails) =>
    program
      ? smtpSource(program, { port, mails, to: org.address, mailFile })
      : floodSmtp({ port, mails, to: org.address, mailFile, connections: CONNECTIONS });

  const ours = [];
  const floors = [];
  let cpuMsPerMail = null;
  await stack.withFilingHeld(async () => {
    await send(floor.ready.port, options.accepts / 4);
    await send(stack.smtp.port, options.accepts / 4);
    for (let at = 0; at < options.rounds; at++) {
      floors.push(await send(floor.ready.port, options.accepts * 3));
      const { result, cpu } = await cpuOf(stack, options.accepts, () => send(stack.smtp.port, options.accepts));
      ours.push(result);
      cpuMsPerMail = cpu;
    }
    await expectAccepted(stack, org, options);
    await stack.sql('DELETE FROM inbound_mails WHERE org_id = $1', [org.orgId]);
  });
  await floor.stop();
  return comparison('accept', {
    ours: median(ours),
    floor: median(floors),
    target: 0.35,
    unit: 'mails/s',
    client: program ? 'smtp-source' : 'our own (bench/flood-smtp.mjs)',
    cpuMsPerMail,
    rounds: ours.map((value, at) => round(value / floors[at], 3)),
  });
}

async function expectAccepted(stack, org, options) {
  const [{ count }] = await stack.sql('SELECT count(*)::int FROM inbound_mails WHERE org_id = $1', [org.orgId]);
  const sent = Math.floor(options.accepts / 4) + options.rounds * options.accepts;
  if (count !== sent) throw new Error(`accept: ${sent} mails were sent and ${count} are there`);
}

/** Mails a second. */
async function smtpSource(program, { port, mails, to, mailFile }) {
  const args = [
    '-d',
    '-s',
    CONNECTIONS,
    '-m',
    Math.floor(mails),
    '-f',
    'customer@example.com',
    '-t',
    to,
    '-F',
    mailFile,
    `127.0.0.1:${port}`,
  ];
  const startedAtMs = performance.now();
  const child = spawn(program, args.map(String), { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`smtp-source ended with code ${code}`);
  return Math.floor(mails) / ((performance.now() - startedAtMs) / 1000);
}
