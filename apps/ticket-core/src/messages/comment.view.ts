import type { CommentView, MessageView } from '#shared/contracts/messages.js';

/** A message in the words of the first document. */
export const commentViewOf = (message: MessageView): CommentView => ({
  id: message.id,
  ticketId: message.ticketId,
  body: message.content,
  internal: message.isInternalNote,
  author: message.author,
  createdAt: message.createdAt,
  editedAt: message.editedAt,
});
