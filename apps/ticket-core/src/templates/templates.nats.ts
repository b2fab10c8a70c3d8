import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listTemplates, openTemplate } from '#shared/contracts/templates.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { OpenTicket } from '../tickets/open-ticket.js';
import { Templates } from './templates.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class TemplatesNats {
  constructor(
    private readonly templates: Templates,
    private readonly openTicket: OpenTicket,
  ) {}

  @Answers(listTemplates)
  list(@Input(listTemplates) input: In<typeof listTemplates>, @ActorOf() actor: Actor) {
    return this.templates.page(actor, input);
  }

  @Answers(openTemplate)
  open(@Input(openTemplate) { template, fields }: In<typeof openTemplate>, @ActorOf() actor: Actor) {
    return this.openTicket.execute(actor, { ...fields, templateId: template });
  }
}
