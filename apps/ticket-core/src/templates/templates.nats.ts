import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { listTemplates, openTemplate } from '#shared/contracts/templates.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { OpenTicket } from '../tickets/open-ticket.js';
import { Templates } from './templates.js';

@Controller()
export class TemplatesNats {
  constructor(
    private readonly templates: Templates,
    private readonly openTicket: OpenTicket,
  ) {}

  @Answers(listTemplates)
  list(@Input(listTemplates) input: InputOf<typeof listTemplates>, @ActorOf() actor: Actor) {
    return this.templates.page(actor, input);
  }

  @Answers(openTemplate)
  async open(@Input(openTemplate) { template, fields }: InputOf<typeof openTemplate>, @ActorOf() actor: Actor) {
    const { id: templateId } = await this.templates.one(actor, template);
    return this.openTicket.execute(actor, { ...fields, templateId });
  }
}
