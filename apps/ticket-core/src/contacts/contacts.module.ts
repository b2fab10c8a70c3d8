import type { Feature } from '../feature.js';
import { ChangeContacts } from './change-contacts.js';
import { ContactBookRepository } from './contact-book.repository.js';
import { ContactRepository } from './contact.repository.js';
import { ContactsHttp } from './contacts.http.js';
import { ContactsNats } from './contacts.nats.js';
import { EnsureContacts } from './ensure-contacts.js';
import { FollowContacts } from './follow-contacts.js';
import { MergeContacts } from './merge-contacts.js';
import { ReadContacts } from './read-contacts.js';

export const contacts: Feature = {
  controllers: [ContactsHttp, ContactsNats],
  providers: [
    ContactRepository,
    ContactBookRepository,
    EnsureContacts,
    ReadContacts,
    ChangeContacts,
    MergeContacts,
    FollowContacts,
  ],
};
