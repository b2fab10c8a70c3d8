import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { interval, map, merge, of, type Observable } from 'rxjs';
import { Playground } from '../playground.js';

const HEARTBEAT_MS = 15_000;

/** Tells the page that something changed, and of what kind; it then looks again. */
@Controller('playground/api/live')
export class LiveHttp {
  constructor(private readonly playground: Playground) {}

  @Sse()
  live(): Observable<MessageEvent> {
    const { workspace, mailbox } = this.playground;
    return merge(
      of({ type: 'hello', data: {} }),
      workspace.happenings.pipe(map(() => ({ type: 'slack', data: {} }))),
      mailbox.arrivals.pipe(map(({ id, direction }) => ({ type: 'mail', data: { id, direction } }))),
      interval(HEARTBEAT_MS).pipe(map(() => ({ type: 'beat', data: {} }))),
    );
  }
}
