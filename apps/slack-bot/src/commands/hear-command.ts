import { Inject, Injectable } from '@nestjs/common';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { OpenModal } from '../modals/open-modal.js';
import { PrepareModal } from '../modals/prepare-modal.js';
import { People } from '../people/people.js';
import { commandBody } from '../slack/incoming.js';
import { Tell } from '../slack/tell.js';
import { TellFailures } from '../slack/tell-failures.js';
import { wrongCard } from './help.cards.js';
import { parseCommand } from './parse-command.js';
import { RunVerb } from './run-verb.js';
import { verbNamed } from './verbs.js';

/** `/ticket …`: acts at once when everything is there, asks by a modal when something is missing. */
@Injectable()
export class HearCommand {
  constructor(
    private readonly people: People,
    private readonly run: RunVerb,
    private readonly modals: OpenModal,
    private readonly prepare: PrepareModal,
    private readonly tell: Tell,
    private readonly failures: TellFailures,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async hear(body: unknown): Promise<void> {
    const command = commandBody.parse(body);
    const origin = { channel: command.channel_id, responseUrl: command.response_url };
    const place = { user: command.user_id, ...origin };
    await this.failures.guard(place, `${this.config.SLACK_COMMAND} ${command.text}`, async () => {
      const parsed = parseCommand(command.text);
      if (parsed.kind === 'wrong') {
        await this.tell.privately(place, wrongCard(this.config.SLACK_COMMAND, parsed.problem, parsed.meant));
        return;
      }
      const { verb, values } = parsed;
      if (parsed.kind === 'ask') {
        await this.modals.open(command.trigger_id, verbNamed(verb).modal?.title ?? verb, async () =>
          this.prepare.forVerb(verb, await this.people.person(command.user_id), values, origin),
        );
        return;
      }
      const person = await this.people.person(command.user_id);
      const told = await this.run.run(verb, { person, values, ref: `slack:command:${command.trigger_id}` });
      await this.tell.privately(place, told);
    });
  }
}
