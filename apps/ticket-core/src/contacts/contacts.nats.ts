import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import {
  createContact,
  deleteContact,
  getContact,
  listContacts,
  mergeContacts,
  updateContact,
} from '#shared/contracts/contacts.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ChangeContacts } from './change-contacts.js';
import { MergeContacts } from './merge-contacts.js';
import { ReadContacts } from './read-contacts.js';

@Controller()
export class ContactsNats {
  constructor(
    private readonly contacts: ReadContacts,
    private readonly change: ChangeContacts,
    private readonly merging: MergeContacts,
  ) {}

  @Answers(listContacts)
  list(@Input(listContacts) input: InputOf<typeof listContacts>, @ActorOf() actor: Actor) {
    return this.contacts.page(actor, input);
  }

  @Answers(getContact)
  get(@Input(getContact) { id }: InputOf<typeof getContact>, @ActorOf() actor: Actor) {
    return this.contacts.one(actor, id);
  }

  @Answers(createContact)
  create(@Input(createContact) input: InputOf<typeof createContact>, @ActorOf() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Answers(updateContact)
  update(@Input(updateContact) { id, ...input }: InputOf<typeof updateContact>, @ActorOf() actor: Actor) {
    return this.change.update(actor, id, input);
  }

  @Answers(deleteContact)
  remove(@Input(deleteContact) { id, force }: InputOf<typeof deleteContact>, @ActorOf() actor: Actor) {
    return this.change.remove(actor, id, force);
  }

  @Answers(mergeContacts)
  merge(@Input(mergeContacts) { id, intoId }: InputOf<typeof mergeContacts>, @ActorOf() actor: Actor) {
    return this.merging.execute(actor, id, intoId);
  }
}
