import { Inject, Injectable } from '@nestjs/common';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { ACTIVE } from '../commands/parse-filters.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { mayDo } from '../people/person.js';
import { SlackWeb } from '../slack/slack-web.js';
import { HOME_LIST, homeView } from './home.cards.js';

/** App Home: what waits for this person. Drawn when it is opened, and after what is pressed in it. */
@Injectable()
export class Home {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    private readonly web: SlackWeb,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async show(slackUser: string): Promise<void> {
    const person = await this.people.person(slackUser);
    const status = [...ACTIVE];
    const limit = HOME_LIST;
    const actor = person.actor ?? (await this.desk.ownActor());
    const nothing = { items: [], nextCursor: null };
    const [mine, unassigned, breached] = await Promise.all([
      person.actor
        ? this.desk.as(actor, listTickets, { assigneeId: person.actor.id!, status, limit })
        : person.email === null
          ? nothing
          : this.desk.as(actor, listTickets, { contactEmail: person.email, limit }),
      person.actor ? this.desk.as(actor, listTickets, { assigneeId: 'none', status, limit }) : nothing,
      person.actor ? this.desk.as(actor, listTickets, { sla: 'breached', status, limit }) : nothing,
    ]);
    const view = homeView({
      name: person.name,
      isAgent: mayDo(person, 'viewer'),
      mine: mine.items,
      unassigned: unassigned.items,
      breached: breached.items,
      command: this.config.SLACK_COMMAND,
    });
    await this.web.call('views.publish', { user_id: slackUser, view });
  }
}
