import { Inject, Injectable } from '@nestjs/common';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { ShowReport } from '../reports/show-report.js';
import { agentActor, refuseUnlessAllowed } from './agent-actor.js';
import type { Asked, Told } from './asked.js';
import { ChangeTicket } from './change-ticket.js';
import { helpCard, verbHelpCard, wrongCard } from './help.cards.js';
import { LookAtTickets } from './look-at-tickets.js';
import { probablyMeant } from './near-miss.js';
import { OpenTicket } from './open-ticket.js';
import { type VerbDefinition, type VerbName, verbNamed, VERBS } from './verbs.js';
import { WriteMessage } from './write-message.js';

type Run = (asked: Asked) => Promise<Told>;

/** Every verb and what it does; a verb of the table without a handler does not compile. */
@Injectable()
export class RunVerb {
  private readonly handlers: Record<VerbName, Run>;

  constructor(
    open: OpenTicket,
    change: ChangeTicket,
    write: WriteMessage,
    look: LookAtTickets,
    report: ShowReport,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {
    this.handlers = {
      new: (asked) => open.execute(asked),
      view: (asked) => look.view(asked),
      list: (asked) => look.list(asked),
      take: (asked) => change.take(asked),
      assign: (asked) => change.assign(asked),
      unassign: (asked) => change.unassign(asked),
      reply: (asked) => write.reply(asked),
      note: (asked) => write.note(asked),
      status: (asked) => change.status(asked),
      resolve: (asked) => change.resolve(asked),
      reopen: (asked) => change.reopen(asked),
      priority: (asked) => change.priority(asked),
      category: (asked) => change.category(asked),
      sla: (asked) => look.sla(asked),
      report: (asked) => report.execute(asked),
      help: async (asked) => this.help(asked),
    };
  }

  async run(name: VerbName, asked: Asked): Promise<Told> {
    const verb = verbNamed(name);
    refuseUnlessAllowed(asked.person, verb);
    if (verb.who === 'agent') agentActor(asked.person);
    return this.handlers[name](asked);
  }

  private help({ person, values }: Asked): Told {
    const { SLACK_COMMAND: command } = this.config;
    if (values.verb === undefined) return helpCard(command, person);
    const wanted = values.verb.toLowerCase();
    const verbs: readonly VerbDefinition[] = VERBS;
    const verb = verbs.find(({ name, also }) => name === wanted || also.includes(wanted));
    if (verb) return verbHelpCard(command, verb);
    const meant = probablyMeant(
      wanted,
      verbs.map(({ name }) => name),
    );
    return wrongCard(command, `I do not know “${wanted.slice(0, 40)}”.`, meant === null ? null : `help ${meant}`);
  }
}
