import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../parse-input.js';
import { Playground } from '../playground.js';
import { BadRequest } from '../workspace/slack-error.js';
import { mailDetail, mailSummary, type MailDetail, type MailSummary } from './mail.view.js';
import type { Mail } from './mailbox.js';
import { replyTo } from './reply.js';
import { addressOf, type SendResult } from './send-mail.js';

// No line breaks anywhere in a header's value: a second RCPT TO must not ride along.
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\r\n]*$/, 'must be one line');
const mailbox = line(320).refine(
  (given) => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(addressOf(given)),
  'must be an address such as casey@customer.example',
);
const mailboxes = z.union([mailbox.transform((one) => [one]), z.array(mailbox).min(1).max(50)]);
const attachment = z.object({
  filename: line(255).min(1),
  contentType: line(255).optional(),
  contentBase64: z.base64(),
});

const sendInput = z.object({
  from: mailbox,
  to: mailboxes,
  cc: mailboxes.optional(),
  subject: line(2_000).default(''),
  text: z.string().max(5_000_000).default(''),
  html: z.string().max(5_000_000).optional(),
  messageId: line(990).optional(),
  inReplyTo: line(990).optional(),
  references: z.array(line(990)).max(100).optional(),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), line(2_000)).optional(),
  attachments: z.array(attachment).max(20).optional(),
});
const rawInput = z.object({ from: mailbox.or(z.literal('')), to: mailboxes, rawBase64: z.base64() });
const replyInput = z.object({
  from: mailbox.optional(),
  text: z.string().min(1).max(1_000_000),
  attachments: z.array(attachment).max(20).optional(),
});
const listInput = z.object({ address: line(320).optional() });

/** Customers' mailboxes: what the help desk sent them, and writing to it. */
@Controller('playground/api/mails')
export class MailboxHttp {
  constructor(private readonly playground: Playground) {}

  @Get()
  list(@Query() query: unknown): MailSummary[] {
    return this.playground.mailbox.list(parseInput(listInput, query).address).map(mailSummary);
  }

  @Get(':id')
  read(@Param('id') id: string): MailDetail {
    return mailDetail(this.mail(id));
  }

  @Get(':id/raw')
  async raw(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('content-type', 'text/plain; charset=utf-8')
      .header('x-content-type-options', 'nosniff')
      .send(this.mail(id).raw);
  }

  @Get(':id/attachments/:index')
  async attachment(@Param('id') id: string, @Param('index') index: string, @Res() reply: FastifyReply): Promise<void> {
    const found = this.mail(id).attachments[Number(index)];
    if (!found) throw new BadRequest(`index: the mail has no attachment ${index}`, 404);
    // Always a download: a mail's HTML or SVG never runs on the page's own address.
    await reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.filename)}`)
      .header('x-content-type-options', 'nosniff')
      .send(found.content);
  }

  @Post('send')
  @HttpCode(200)
  async send(@Body() body: unknown): Promise<unknown> {
    const input = parseInput(sendInput, body);
    return told(await this.playground.sendMail.execute({ ...input, attachments: decoded(input.attachments) }));
  }

  @Post('send-raw')
  @HttpCode(200)
  async sendRaw(@Body() body: unknown): Promise<unknown> {
    const { from, to, rawBase64 } = parseInput(rawInput, body);
    const envelope = { from: addressOf(from), to: to.map(addressOf) };
    return told(await this.playground.sendMail.raw(envelope, Buffer.from(rawBase64, 'base64')));
  }

  /** Answers a received mail, as one of those who got it. */
  @Post(':id/reply')
  @HttpCode(200)
  async reply(@Param('id') id: string, @Body() body: unknown): Promise<unknown> {
    const { from, text, attachments } = parseInput(replyInput, body);
    const mail = this.mail(id);
    if (mail.direction !== 'received') throw new BadRequest('id: only a received mail can be answered');
    const { to, ...draft } = replyTo(mail, from ?? mail.envelope.to[0] ?? '', text);
    return told(await this.playground.sendMail.execute({ ...draft, to: [to], attachments: decoded(attachments) }));
  }

  @Delete()
  empty(): { ok: true } {
    this.playground.mailbox.empty();
    return { ok: true };
  }

  private mail(id: string): Mail {
    const mail = this.playground.mailbox.find(id);
    if (!mail) throw new BadRequest(`id: there is no mail ${id}`, 404);
    return mail;
  }
}

function decoded(attachments: readonly z.infer<typeof attachment>[] | undefined) {
  return attachments?.map(({ filename, contentType, contentBase64 }) => ({
    filename,
    contentType,
    content: Buffer.from(contentBase64, 'base64'),
  }));
}

function told({ mail, ...result }: SendResult): unknown {
  return mail ? { ...result, mail: mailDetail(mail) } : result;
}
