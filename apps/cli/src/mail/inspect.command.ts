import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { InspectedMail } from '#mail/inspect-mail.js';
import { counted } from '#shared/words/counted.js';

/** `deskwire mail inspect`: how Deskwire reads a mail, without a database. Exit code 1 if a file cannot be read. */
export function addMailInspectCommand(mail: Command): void {
  mail
    .command('inspect')
    .description('show how Deskwire reads mails: who writes, what is new in them, is it a person at all')
    .argument('<file...>', 'mails as they came (.eml)')
    .option('--json', 'one JSON object a line, in the order of the files', false)
    .action(async (files: string[], options: { json: boolean }) => {
      const { inspectMail } = await import('#mail/inspect-mail.js');
      for (const file of files) {
        const raw = await readFile(file).catch((error: unknown) => error);
        if (!Buffer.isBuffer(raw)) {
          process.stderr.write(`${file} cannot be read: ${raw instanceof Error ? raw.message : String(raw)}\n`);
          process.exitCode = 1;
          continue;
        }
        const seen = await inspectMail(raw, file);
        process.stdout.write(options.json ? `${JSON.stringify(seen)}\n` : `${inWords(seen)}\n`);
      }
    });
}

/** A mail as a few lines for people. */
export function inWords(mail: InspectedMail): string {
  const lines = [
    mail.file,
    `  kind         ${mail.kind} (${mail.kindRule}: ${mail.kindEvidence})`,
    `  from         ${mail.from}`,
    `  subject      ${mail.subject}`,
    ...(mail.bounce?.recipients ?? []).map(
      ({ address, status, severity }) => `  bounced      ${[address, status, severity].filter(Boolean).join(' ')}`,
    ),
    ...mail.attachments.map(
      ({ filename, contentType, size }) => `  attachment   ${filename} (${contentType}, ${counted(size, 'byte')})`,
    ),
    '  newly written',
    ...mail.reply.split('\n').map((line) => `    ${line}`.trimEnd()),
  ];
  return `${lines.join('\n')}\n`;
}
