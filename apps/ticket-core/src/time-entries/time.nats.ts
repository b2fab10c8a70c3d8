import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import {
  changeTime,
  deleteTime,
  discardTimer,
  getTimer,
  listTime,
  logTime,
  startTimer,
  stopTimer,
} from '#shared/contracts/time-entries.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ChangeTimeEntry } from './change-time-entry.js';
import { ListTime } from './list-time.js';
import { LogTime } from './log-time.js';
import { RunTimer } from './run-timer.js';

@Controller()
export class TimeNats {
  constructor(
    private readonly logOne: LogTime,
    private readonly time: ListTime,
    private readonly entries: ChangeTimeEntry,
    private readonly timer: RunTimer,
  ) {}

  @Answers(logTime)
  log(@Input(logTime) { ticket, ...input }: InputOf<typeof logTime>, @ActorOf() actor: Actor) {
    return this.logOne.execute(actor, ticket, input);
  }

  @Answers(listTime)
  list(@Input(listTime) input: InputOf<typeof listTime>, @ActorOf() actor: Actor) {
    return this.time.execute(actor, input);
  }

  @Answers(changeTime)
  change(@Input(changeTime) { id, ...input }: InputOf<typeof changeTime>, @ActorOf() actor: Actor) {
    return this.entries.update(actor, id, input);
  }

  @Answers(deleteTime)
  remove(@Input(deleteTime) { id }: InputOf<typeof deleteTime>, @ActorOf() actor: Actor) {
    return this.entries.remove(actor, id);
  }

  @Answers(startTimer)
  start(@Input(startTimer) { ticket, ...input }: InputOf<typeof startTimer>, @ActorOf() actor: Actor) {
    return this.timer.start(actor, ticket, input);
  }

  @Answers(stopTimer)
  stop(@Input(stopTimer) input: InputOf<typeof stopTimer>, @ActorOf() actor: Actor) {
    return this.timer.stop(actor, input);
  }

  @Answers(getTimer)
  get(@Input(getTimer) _: InputOf<typeof getTimer>, @ActorOf() actor: Actor) {
    return this.timer.get(actor);
  }

  @Answers(discardTimer)
  discard(@Input(discardTimer) _: InputOf<typeof discardTimer>, @ActorOf() actor: Actor) {
    return this.timer.discard(actor);
  }
}
