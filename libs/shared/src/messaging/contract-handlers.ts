import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { MessagePattern, Payload, Transport, type NatsContext } from '@nestjs/microservices';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { from, type Observable } from 'rxjs';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { Actor } from '../contracts/actor.js';
import type { Contract } from '../contracts/contract.js';
import { DeskError } from '../errors/desk-error.js';
import { actorFrom, refuseIfLate, traceFrom } from './headers.js';

const tracer = trace.getTracer('deskwire');

/** This method answers that contract: `@Answers(openTicket) open(@Input(openTicket) input, @ActorOf() actor)`. */
export const Answers = (contract: Contract) =>
  applyDecorators(MessagePattern(contract.subject, Transport.NATS), SetMetadata(CONTRACT, contract));

const CONTRACT = 'deskwire:contract';
/** The contract that a request over NATS is about to be answered by. */
export const contractOf = (execution: ExecutionContext): Contract =>
  Reflect.getMetadata(CONTRACT, execution.getHandler()) as Contract;

/** The request, parsed by the contract's schema; what is wrong is answered as BAD_REQUEST with the field. */
export const Input = (contract: Contract): ParameterDecorator => Payload({ schema: contract.request });

const headersOf = (execution: ExecutionContext): MsgHdrs | undefined =>
  execution.switchToRpc().getContext<NatsContext>().getHeaders() as MsgHdrs | undefined;

/** Actors as the service that answers knows them, by the context of their request. */
const resolved = new WeakMap<NatsContext, Actor>();

/** Who a NATS request says that it is from. What it says of role and teams is not to be believed: `resolveActor`. */
export const claimedActor = (execution: ExecutionContext): Actor | null => actorFrom(headersOf(execution));

/** Says who really makes this request; a guard of the service does, before any handler is asked. */
export const resolveActor = (execution: ExecutionContext, actor: Actor): void =>
  void resolved.set(execution.switchToRpc().getContext<NatsContext>(), actor);

/** The actor of a NATS request, as `resolveActor` said; a request that names none is UNAUTHORIZED. */
export const ActorOf = createParamDecorator((_: unknown, execution: ExecutionContext): Actor => {
  const actor = resolved.get(execution.switchToRpc().getContext<NatsContext>());
  if (!actor) throw new DeskError('UNAUTHORIZED', 'The request names no actor');
  return actor;
});

/** Every request from NATS: refused when its caller has gone, and run inside the caller's trace. */
export class RequestTraceInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'rpc') return next.handle();
    const rpc = execution
      .switchToRpc()
      .getContext<{ getHeaders?: () => MsgHdrs | undefined; getSubject?: () => string }>();
    if (typeof rpc.getSubject !== 'function') return next.handle();
    const headers = rpc.getHeaders?.();
    refuseIfLate(headers, Date.now());
    const run = () =>
      tracer.startActiveSpan(rpc.getSubject!(), { kind: SpanKind.SERVER }, async (span) => {
        try {
          return await lastValue(next.handle());
        } finally {
          span.end();
        }
      });
    return from(context.with(traceFrom(headers), run));
  }
}

const lastValue = (stream: Observable<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    let last: unknown;
    stream.subscribe({ next: (value) => (last = value), error: reject, complete: () => resolve(last) });
  });
