import {
  changeMessage,
  listActivities,
  listMessages,
  postMessage,
  replyRecipients,
  undoMessage,
} from '#shared/contracts/messages.js';
import { listMerges, mergeTickets, splitTicket, unmergeTicket } from '#shared/contracts/merges.js';
import { listTickets, searchTickets } from '#shared/contracts/ticket-lists.js';
import {
  assignTicket,
  closeTicket,
  deleteTicket,
  getTicket,
  openTicket,
  reopenTicket,
  resolveTicket,
  restoreTicket,
  startTicket,
  updateTicket,
} from '#shared/contracts/tickets.js';
import type { ListActivities } from '../activities/list-activities.js';
import type { ListMerges } from '../merges/list-merges.js';
import type { MergeTickets } from '../merges/merge-tickets.js';
import type { SplitTicket } from '../merges/split-ticket.js';
import type { UndoMerge } from '../merges/undo-merge.js';
import type { EditMessage } from '../messages/edit-message.js';
import type { ListMessages } from '../messages/list-messages.js';
import type { PostMessage } from '../messages/post-message.js';
import type { DeleteTicket } from '../tickets/delete-ticket.js';
import type { OpenTicket } from '../tickets/open-ticket.js';
import type { ReadTickets } from '../tickets/read-tickets.js';
import type { SearchTickets } from '../tickets/search-tickets.js';
import type { StepTicket } from '../tickets/step-ticket.js';
import type { UpdateTicket } from '../tickets/update-ticket.js';
import { procedure, router } from './desk-trpc.js';

export interface TicketUseCases {
  read: ReadTickets;
  search: SearchTickets;
  open: OpenTicket;
  update: UpdateTicket;
  step: StepTicket;
  remove: DeleteTicket;
  merge: MergeTickets;
  undoMerge: UndoMerge;
  merges: ListMerges;
  split: SplitTicket;
  history: ListActivities;
  messages: ListMessages;
  post: PostMessage;
  edit: EditMessage;
}

/** Tickets and their messages: the requests of the contracts, each one call of the use case that REST and NATS call too. */
export const ticketsRouter = (use: TicketUseCases) =>
  router({
    list: procedure.input(listTickets.request.prefault({})).query(({ ctx, input }) => use.read.page(ctx.actor, input)),
    search: procedure.input(searchTickets.request).query(({ ctx, input }) => use.search.execute(ctx.actor, input)),
    get: procedure
      .input(getTicket.request)
      .query(({ ctx, input: { ticket, deleted } }) => use.read.one(ctx.actor, ticket, deleted)),
    history: procedure.input(listActivities.request).query(({ ctx, input }) => use.history.execute(ctx.actor, input)),

    create: procedure.input(openTicket.request).mutation(({ ctx, input }) => use.open.execute(ctx.actor, input)),
    update: procedure
      .input(updateTicket.request)
      .mutation(({ ctx, input: { ticket, ...fields } }) => use.update.execute(ctx.actor, ticket, fields)),
    assign: procedure
      .input(assignTicket.request)
      .mutation(({ ctx, input: { ticket, ...fields } }) => use.update.execute(ctx.actor, ticket, fields)),
    start: procedure
      .input(startTicket.request)
      .mutation(({ ctx, input: { ticket, note } }) => use.step.start(ctx.actor, ticket, note)),
    resolve: procedure
      .input(resolveTicket.request)
      .mutation(({ ctx, input: { ticket, note } }) => use.step.resolve(ctx.actor, ticket, note)),
    close: procedure
      .input(closeTicket.request)
      .mutation(({ ctx, input: { ticket, note } }) => use.step.close(ctx.actor, ticket, note)),
    reopen: procedure
      .input(reopenTicket.request)
      .mutation(({ ctx, input: { ticket, note } }) => use.step.reopen(ctx.actor, ticket, note)),
    delete: procedure
      .input(deleteTicket.request)
      .mutation(({ ctx, input }) => use.remove.execute(ctx.actor, input.ticket)),
    restore: procedure
      .input(restoreTicket.request)
      .mutation(({ ctx, input }) => use.remove.restore(ctx.actor, input.ticket)),

    merge: procedure
      .input(mergeTickets.request)
      .mutation(({ ctx, input: { ticket, ...others } }) => use.merge.execute(ctx.actor, ticket, others)),
    unmerge: procedure
      .input(unmergeTicket.request)
      .mutation(({ ctx, input }) => use.undoMerge.execute(ctx.actor, input.ticket)),
    merges: procedure
      .input(listMerges.request)
      .query(({ ctx, input: { ticket, ...page } }) => use.merges.execute(ctx.actor, ticket, page)),
    split: procedure
      .input(splitTicket.request)
      .mutation(({ ctx, input: { ticket, ...fields } }) => use.split.execute(ctx.actor, ticket, fields)),

    messages: router({
      list: procedure.input(listMessages.request).query(({ ctx, input }) => use.messages.execute(ctx.actor, input)),
      recipients: procedure
        .input(replyRecipients.request)
        .query(({ ctx, input }) => use.post.recipients(ctx.actor, input.ticket)),
      post: procedure.input(postMessage.request).mutation(({ ctx, input }) => use.post.execute(ctx.actor, input)),
      undo: procedure
        .input(undoMessage.request)
        .mutation(({ ctx, input }) => use.post.undo(ctx.actor, input.messageId)),
      change: procedure
        .input(changeMessage.request)
        .mutation(({ ctx, input: { ticket, messageId, content } }) =>
          use.edit.byId(ctx.actor, ticket, messageId, content),
        ),
    }),
  });
