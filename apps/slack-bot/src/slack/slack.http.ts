import { Controller, Get, Header, Inject, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { appManifest } from './manifest.view.js';
import { NestReceiver } from './nest-receiver.js';
import { RequestGate } from './signed-request.js';
import { parseSlackBody } from './slack-body.js';
import { toYaml } from './yaml.view.js';

interface Request {
  headers: Record<string, string | string[] | undefined>;
  protocol: string;
  host: string;
}

interface Reply {
  status(code: number): Reply;
  send(body: unknown): unknown;
}

/** Slack's way in by HTTP: commands, interactions and events all arrive at one address. */
@Controller('slack')
export class SlackHttp {
  private readonly gate: RequestGate | null;

  constructor(
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
    private readonly receiver: NestReceiver,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.gate = config.SLACK_SIGNING_SECRET === undefined ? null : new RequestGate(config.SLACK_SIGNING_SECRET);
  }

  @Post('events')
  async events(@Req() request: RawBodyRequest<Request>, @Res() reply: Reply): Promise<void> {
    const rawBody = request.rawBody?.toString('utf8') ?? '';
    const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
    const retry = header('x-slack-retry-num');
    const refusal = this.gate
      ? this.gate.refusal(
          {
            rawBody,
            timestamp: header('x-slack-request-timestamp'),
            signature: header('x-slack-signature'),
            isRetry: retry !== undefined,
          },
          Date.now(),
        )
      : 'This bot listens in Socket Mode';
    if (refusal !== null) {
      this.log.warn({ refusal }, 'a request to /slack/events was refused');
      reply.status(401).send({ error: refusal });
      return;
    }
    const body = parseSlackBody(rawBody, header('content-type'));
    if (body['type'] === 'url_verification') {
      reply.status(200).send({ challenge: body['challenge'] });
      return;
    }
    if (body['ssl_check'] !== undefined) {
      reply.status(200).send('');
      return;
    }
    const answer = await this.receiver.receive(body, retry === undefined ? undefined : Number(retry) || 0);
    reply.status(answer.status).send(answer.body);
  }

  /** The app manifest to paste at api.slack.com/apps, with this server's own address in it. */
  @Get('manifest.yaml')
  @Header('content-type', 'application/yaml; charset=utf-8')
  manifest(@Req() request: Request): string {
    const forwarded = [request.headers['x-forwarded-proto']].flat()[0];
    return toYaml(
      appManifest({
        command: this.config.SLACK_COMMAND,
        requestUrl: `${forwarded ?? request.protocol}://${request.host}/slack/events`,
        socketMode: this.config.SLACK_APP_TOKEN !== undefined,
      }),
    );
  }
}
