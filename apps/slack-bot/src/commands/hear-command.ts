import { Inject, Injectable } from '@nestjs/common';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { OpenModal } from '../modals/open-modal.js';
import { PrepareModal } from '../modals/prepare-modal.js';
import { RequiredFields } from '../modals/required-fields.js';
import { People } from '../people/people.js';
import { commandBody } from '../slack/incoming.js';
import { mentionedPeople, slackToMarkdown, slackToPlain, unescapeText } from '../slack/slack-to-markdown.js';
import { Tell } from '../slack/tell.js';
import { TellFailures } from '../slack/tell-failures.js';
import { wrongCard } from './help.cards.js';
import { parseCommand, type Values } from './parse-command.js';
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
    private readonly required: RequiredFields,
    private readonly tell: Tell,
    private readonly failures: TellFailures,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async hear(body: unknown): Promise<void> {
    const command = commandBody.parse(body);
    const origin = { channel: command.channel_id, responseUrl: command.response_url };
    const place = { user: command.user_id, ...origin };
    const typed = `${this.config.SLACK_COMMAND} ${unescapeText(command.text)}`;
    await this.failures.guard(place, typed, async () => {
      const parsed = parseCommand(command.text);
      if (parsed.kind === 'wrong') {
        const meant = parsed.meant === null ? null : unescapeText(parsed.meant);
        await this.tell.privately(place, wrongCard(this.config.SLACK_COMMAND, unescapeText(parsed.problem), meant));
        return;
      }
      const { verb } = parsed;
      const values = await this.readable(parsed.values, command.text);
      const ask = () =>
        this.modals.open(command.trigger_id, verbNamed(verb).modal?.title ?? verb, async () =>
          this.prepare.forVerb(verb, await this.people.person(command.user_id), values, origin),
        );
      if (parsed.kind === 'ask') return ask();
      const person = await this.people.person(command.user_id);
      // A line cannot say what this desk must know of a ticket: the rest is asked.
      if (verb === 'new' && (await this.required.of(person)).length > 0) return ask();
      const told = await this.run.run(verb, { person, values, ref: `slack:command:${command.trigger_id}` });
      await this.tell.privately(place, told);
    });
  }

  /** Slack escapes what is typed after a command and marks its mentions; what is typed into a modal it leaves alone. */
  private async readable(values: Values, typed: string): Promise<Values> {
    const names = await this.people.names(mentionedPeople(typed));
    const { text, subject, category } = values;
    return {
      ...values,
      ...(text !== undefined && { text: slackToMarkdown(text, names) }),
      ...(subject !== undefined && { subject: slackToPlain(subject, names) }),
      ...(category !== undefined && { category: slackToPlain(category, names) }),
    };
  }
}
