import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { BadRequest, SlackError } from './workspace/slack-error.js';

/** Errors of the control API as `{ error }` in words; what we did not expect is logged, and told as such. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof BadRequest) await reply.status(error.status).send({ error: error.message });
    else if (error instanceof SlackError) await reply.status(400).send({ error: error.code });
    else if (error instanceof HttpException) await reply.status(error.getStatus()).send({ error: error.message });
    else if (isClientError(error)) await reply.status(error.statusCode).send({ error: error.message });
    else {
      this.log.error({ err: error }, 'playground request failed');
      await reply.status(500).send({ error: 'The playground failed; its log says why.' });
    }
  }
}

/** Fastify's own, such as a body that is no JSON or too large. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
  );
}
