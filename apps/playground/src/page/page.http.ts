import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { BadRequest } from '../workspace/slack-error.js';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Nothing from elsewhere, no inline script: what strangers write in mails can at worst look odd. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/` and its files, as they lie in this folder. A name has no dot but the last: compiled classes stay here. */
@Controller()
export class PageHttp {
  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await this.file('page.html', reply);
  }

  @Get('page/:name')
  async file(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    const type = TYPES[/^[a-z-]+\.(html|css|js|svg)$/.exec(name)?.[1] ?? ''];
    const content =
      type === undefined ? undefined : await readFile(new URL(name, import.meta.url)).catch(() => undefined);
    if (content === undefined) throw new BadRequest(`There is no page ${name}.`, 404);
    await reply
      .header('content-type', type)
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')
      .send(content);
  }
}
