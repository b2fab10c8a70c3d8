import { All, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Playground } from '../playground.js';
import { isObject } from '../workspace/block-ids.js';
import { SlackError } from '../workspace/slack-error.js';

/** What the bot knows as slack.com/api and hooks.slack.com. */
@Controller()
export class SlackHttp {
  constructor(private readonly playground: Playground) {}

  @All('slack/api/:method')
  async call(
    @Param('method') method: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = isObject(request.query) ? request.query : {};
    const given = isObject(request.body) ? { ...query, ...request.body } : query;
    const answer = this.playground.webApi.call(method, given, request.headers.authorization, Date.now());
    await reply.status(answer.status).headers(answer.headers).send(answer.body);
  }

  /** Messages by response_url; Slack answers "ok". */
  @Post(':kind/:team/:number/:secret')
  async respond(
    @Param('kind') kind: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (kind !== 'commands' && kind !== 'actions') {
      await reply.status(404).send({ ok: false, error: 'not_found' });
      return;
    }
    try {
      const path = request.url.split('?')[0] ?? '';
      this.playground.responseUrls.respond(path, bodyOf(request.body), Date.now());
      await reply.status(200).send({ ok: true });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      await reply.status(error.status === 200 ? 400 : error.status).send({ ok: false, error: error.code });
    }
  }

  /** Files that people attached; only with the bot's token, as in Slack. */
  @Get(['files-pri/:id/:name', 'files-pri/:id/download/:name'])
  async file(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { config, workspace } = this.playground;
    const all = [...workspace.channels.values()].flatMap(({ messages }) => [...messages.values()]);
    const file = all.flatMap(({ files }) => files).find((one) => id.endsWith(`-${one.id}`));
    if (!file || request.headers.authorization !== `Bearer ${config.SLACK_BOT_TOKEN}`) {
      await reply.status(file ? 401 : 404).send({ ok: false });
      return;
    }
    await reply.header('content-type', file.mimetype).header('x-content-type-options', 'nosniff').send(file.content);
  }
}

/** JSON, or a form with `payload`. */
function bodyOf(body: unknown): unknown {
  if (!isObject(body) || typeof body['payload'] !== 'string') return body;
  try {
    return JSON.parse(body['payload']) as unknown;
  } catch {
    return undefined;
  }
}
