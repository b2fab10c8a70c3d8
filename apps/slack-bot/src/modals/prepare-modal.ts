import { Inject, Injectable } from '@nestjs/common';
import { replyRecipients } from '#shared/contracts/messages.js';
import { getTicket } from '#shared/contracts/tickets.js';
import { refuseUnlessAllowed } from '../commands/agent-actor.js';
import type { Values } from '../commands/parse-command.js';
import { type VerbDefinition, type VerbName, verbNamed } from '../commands/verbs.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { mayDo, type Person } from '../people/person.js';
import type { SlackView } from '../slack/blocks.view.js';
import { RequiredFields } from './required-fields.js';
import { type ModalOrigin, verbModal } from './verb.modals.js';

/** Makes the modal of a verb, with what it has to show: the ticket, and for a reply who gets it. */
@Injectable()
export class PrepareModal {
  constructor(
    private readonly desk: Desk,
    private readonly required: RequiredFields,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async forVerb(name: VerbName, person: Person, values: Values, origin: ModalOrigin): Promise<SlackView> {
    const verb = verbNamed(name);
    refuseUnlessAllowed(person, verb);
    const common = {
      verb: shapedFor(person, verb, values),
      values,
      origin,
      undoSeconds: this.config.SLACK_UNDO_SECONDS,
    };
    if (name === 'new') return verbModal({ ...common, customFields: await this.required.of(person) });
    if (values.ticket === undefined || !person.actor) return verbModal(common);
    const ref = { ticket: values.ticket };
    const [ticket, recipients] = await Promise.all([
      this.desk.as(person.actor, getTicket, ref),
      name === 'reply' ? this.desk.as(person.actor, replyRecipients, ref) : undefined,
    ]);
    return verbModal({ ...common, ticket, recipients });
  }
}

/**
 * A reply shows its recipients before it is sent, so a reply to a ticket that is not known yet asks only for the number
 * first. Who is no agent opens tickets for themselves: there is no requester to ask for.
 */
function shapedFor(person: Person, verb: VerbDefinition, values: Values): VerbDefinition {
  if (verb.name === 'reply' && values.ticket === undefined) {
    return {
      ...verb,
      fields: verb.fields.filter(({ kind }) => kind === 'ticket'),
      modal: { title: verb.modal!.title, submit: 'Next' },
    };
  }
  if (verb.name === 'new' && !mayDo(person, 'agent')) {
    return { ...verb, fields: verb.fields.filter(({ name }) => name !== 'email') };
  }
  return verb;
}
