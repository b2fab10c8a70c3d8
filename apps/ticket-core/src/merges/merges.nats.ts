import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { listMerges, mergeTickets, splitTicket, unmergeTicket } from '#shared/contracts/merges.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ListMerges } from './list-merges.js';
import { MergeTickets } from './merge-tickets.js';
import { SplitTicket } from './split-ticket.js';
import { UndoMerge } from './undo-merge.js';

@Controller()
export class MergesNats {
  constructor(
    private readonly mergeAll: MergeTickets,
    private readonly undoMerge: UndoMerge,
    private readonly merges: ListMerges,
    private readonly splitOne: SplitTicket,
  ) {}

  @Answers(mergeTickets)
  merge(@Input(mergeTickets) { ticket, ...input }: InputOf<typeof mergeTickets>, @ActorOf() actor: Actor) {
    return this.mergeAll.execute(actor, ticket, input);
  }

  @Answers(unmergeTicket)
  unmerge(@Input(unmergeTicket) { ticket }: InputOf<typeof unmergeTicket>, @ActorOf() actor: Actor) {
    return this.undoMerge.execute(actor, ticket);
  }

  @Answers(listMerges)
  list(@Input(listMerges) { ticket, ...input }: InputOf<typeof listMerges>, @ActorOf() actor: Actor) {
    return this.merges.execute(actor, ticket, input);
  }

  @Answers(splitTicket)
  split(@Input(splitTicket) { ticket, ...input }: InputOf<typeof splitTicket>, @ActorOf() actor: Actor) {
    return this.splitOne.execute(actor, ticket, input);
  }
}
