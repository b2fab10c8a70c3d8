import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { NatsContext } from '@nestjs/microservices';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Observable, throwError } from 'rxjs';
import { DeskError } from '../errors/desk-error.js';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.js';
import { otherMethodsOf } from './methods-at.js';

/**
 * How a service tells of errors, whatever the way in: over HTTP as problem+json (RFC 9457) with our code and a pointer to
 * each field, over NATS as our wire error, and from an event's handler as it is, to the strategy that decides on the next try.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() === 'http') return this.answerHttp(thrown, host);
    const context: unknown = host.switchToRpc().getContext();
    if (!(context instanceof NatsContext)) return throwError(() => thrown);
    const error = DeskError.from(thrown);
    // Nest would say "Internal server error" for whatever it does not know (facts.md).
    if (error.code === 'INTERNAL')
      this.log.error({ err: error.cause ?? error, subject: context.getSubject() }, 'a request failed');
    return throwError(() => error.toWire());
  }

  private answerHttp(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = thrown instanceof DeskError ? thrown : fromFramework(thrown, request, reply);
    const { http: status } = ERROR_CODES[error.code];
    if (error.code === 'INTERNAL') {
      this.log.error({ err: error.cause ?? thrown, url: request.url, method: request.method }, 'a request failed');
    }
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 503) reply.header('retry-after', '1');
    void reply
      .status(status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(problemOf(error, request.url));
  }
}

/** problem+json (RFC 9457). */
const problemOf = (error: DeskError, url: string) => ({
  type: `https://deskwire.dev/errors/${error.code.toLowerCase()}`,
  title: ERROR_CODES[error.code].title,
  status: ERROR_CODES[error.code].http,
  code: error.code,
  detail: error.message,
  instance: url.split('?')[0],
  ...(error.problems.length > 0 && { errors: error.problems }),
});

/** What Fastify refuses before there is a route for it: `%zz` in a path. Nest's filters never see it. */
export function answerFrameworkError(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = fromFramework(thrown, request, reply);
  void reply
    .status(ERROR_CODES[error.code].http)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(problemOf(error, request.url));
}

const CODE_OF = new Map<number, ErrorCode>(
  (Object.entries(ERROR_CODES) as [ErrorCode, { http: number }][]).map(([code, { http }]) => [http, code]),
);

/** What Nest and Fastify throw themselves: no such route, a body that is no JSON, too large. */
function fromFramework(thrown: unknown, request: FastifyRequest, reply: FastifyReply): DeskError {
  const status =
    thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number } | null)?.statusCode;
  if (typeof status !== 'number' || status >= 500) return DeskError.from(thrown);
  const code = CODE_OF.get(status) ?? 'BAD_REQUEST';
  const { message } = thrown as Error;
  if (code !== 'NOT_FOUND') return new DeskError(code, message);
  const methods = otherMethodsOf(request);
  if (methods.length === 0) return new DeskError(code, `There is nothing at this address (${message})`);
  // RFC 9110 15.5.6: the answer says what is allowed.
  reply.header('allow', methods.join(', '));
  return new DeskError('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}`);
}
