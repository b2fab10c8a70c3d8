import type { Answer, BotLine } from '../bot/bot-line.js';
import type { ResponseUrls } from '../bot/response-urls.js';
import type { Address } from '../address.js';
import { SLACKBOT, type Channel, type Member } from '../workspace/model.js';
import { BadRequest, SlackError } from '../workspace/slack-error.js';
import type { Triggers } from '../workspace/triggers.js';
import type { Workspace } from '../workspace/workspace.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { commandFields } from './payloads.js';
import { commandText } from './typed-text.js';

/** A person types a slash command. Failures are told to that person alone, by Slackbot, as in Slack. */
export class RunCommand {
  constructor(
    private readonly workspace: Workspace,
    private readonly triggers: Triggers,
    private readonly urls: ResponseUrls,
    private readonly line: BotLine,
    private readonly address: Address,
    private readonly app: { readonly command: string; readonly escapes: boolean },
  ) {}

  async execute(person: Member, channel: Channel, line: string, threadTs?: string): Promise<Outcome> {
    const [, name = '', typed = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
    if (!name) throw new BadRequest('text: a command begins with /');
    if (name !== this.app.command) return this.refuse(person, channel, `\`${name}\` is not a valid command.`, threadTs);
    if (threadTs) return this.refuse(person, channel, `\`${name}\` is not supported in threads. Sorry!`, threadTs);

    const nowMs = Date.now();
    const place = { channel: channel.id, user: person.id };
    const path = this.urls.issue('commands', place, nowMs);
    const text = commandText(typed.trim(), this.workspace, this.app.escapes);
    const triggerId = this.triggers.issue(person.id, nowMs);
    const fields = commandFields(person, channel, { name, text, responseUrl: this.address.url + path, triggerId });
    const answer = await this.line.command(fields);
    if (!answer.ok) {
      this.tell(person, channel, `\`${name}\` failed with the error "${answer.error}"`);
      return outcomeOf(answer);
    }
    return this.show(person, channel, name, answer);
  }

  /** A 200 with a body is shown at once: text, or JSON as a response_url takes it. */
  private show(person: Member, channel: Channel, name: string, answer: Extract<Answer, { ok: true }>): Outcome {
    const payload = answer.json ?? (answer.text.trim() === '' ? undefined : { text: answer.text });
    if (!payload || Object.keys(payload).length === 0) return { ok: true };
    try {
      this.urls.deliver({ channel: channel.id, user: person.id }, payload);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      this.tell(person, channel, `\`${name}\` failed with the error "${error.code}"`);
      return { ok: false, error: 'invalid_answer', message: `The app's answer cannot be shown: ${error.code}` };
    }
  }

  private refuse(person: Member, channel: Channel, message: string, threadTs?: string): Outcome {
    this.tell(person, channel, message, threadTs);
    return { ok: false, error: 'invalid_command', message };
  }

  private tell(person: Member, channel: Channel, text: string, threadTs?: string): void {
    const thread = threadTs ? { threadTs } : {};
    this.workspace.postEphemeral({ channel: channel.id, user: SLACKBOT, text, ...thread }, person.id);
  }
}
