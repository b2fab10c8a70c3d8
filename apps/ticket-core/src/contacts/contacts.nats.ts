import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  createContact,
  deleteContact,
  getContact,
  listContacts,
  mergeContacts,
  updateContact,
} from '#shared/contracts/contacts.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ChangeContacts } from './change-contacts.js';
import { MergeContacts } from './merge-contacts.js';
import { ReadContacts } from './read-contacts.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class ContactsNats {
  constructor(
    private readonly contacts: ReadContacts,
    private readonly change: ChangeContacts,
    private readonly merging: MergeContacts,
  ) {}

  @Answers(listContacts)
  list(@Input(listContacts) input: In<typeof listContacts>, @ActorOf() actor: Actor) {
    return this.contacts.page(actor, input);
  }

  @Answers(getContact)
  get(@Input(getContact) { id }: In<typeof getContact>, @ActorOf() actor: Actor) {
    return this.contacts.one(actor, id);
  }

  @Answers(createContact)
  create(@Input(createContact) input: In<typeof createContact>, @ActorOf() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Answers(updateContact)
  update(@Input(updateContact) { id, ...input }: In<typeof updateContact>, @ActorOf() actor: Actor) {
    return this.change.update(actor, id, input);
  }

  @Answers(deleteContact)
  remove(@Input(deleteContact) { id, force }: In<typeof deleteContact>, @ActorOf() actor: Actor) {
    return this.change.remove(actor, id, force);
  }

  @Answers(mergeContacts)
  merge(@Input(mergeContacts) { id, intoId }: In<typeof mergeContacts>, @ActorOf() actor: Actor) {
    return this.merging.execute(actor, id, intoId);
  }
}
