import type { Feature } from '../feature.js';
import { AddMessage } from './add-message.js';
import { CountMessages } from './count-messages.js';
import { EditMessage } from './edit-message.js';
import { ListMessages } from './list-messages.js';
import { MessageRepository } from './message.repository.js';
import { MessagesNats } from './messages.nats.js';
import { PostMessage } from './post-message.js';
import { CommentsHttp } from './comments.http.js';
import { MessagesHttp } from './messages.http.js';
import { RecordFirstMessages } from './record-first-messages.js';
import { TakeBackReply } from './take-back-reply.js';

export const messages: Feature = {
  controllers: [CommentsHttp, MessagesHttp, MessagesNats],
  providers: [
    MessageRepository,
    CountMessages,
    AddMessage,
    PostMessage,
    EditMessage,
    ListMessages,
    RecordFirstMessages,
    TakeBackReply,
  ],
};
