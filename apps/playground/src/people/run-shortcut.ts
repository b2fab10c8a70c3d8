import type { Address } from '../address.js';
import type { BotLine } from '../bot/bot-line.js';
import type { ResponseUrls } from '../bot/response-urls.js';
import type { Channel, Member, Message } from '../workspace/model.js';
import { messageObject } from '../workspace/slack-objects.view.js';
import type { Triggers } from '../workspace/triggers.js';
import type { Workspace } from '../workspace/workspace.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { about, inChannel } from './payloads.js';

/** A person picks a shortcut: global (`shortcut`), or of a message (`message_action`). */
export class RunShortcut {
  constructor(
    private readonly workspace: Workspace,
    private readonly triggers: Triggers,
    private readonly urls: ResponseUrls,
    private readonly line: BotLine,
    private readonly address: Address,
  ) {}

  async global(person: Member, callbackId: string): Promise<Outcome> {
    const act = { callback_id: callbackId, ...this.act(person) };
    return outcomeOf(await this.line.interaction({ type: 'shortcut', ...about(person), ...act }));
  }

  async onMessage(person: Member, callbackId: string, channel: Channel, message: Message): Promise<Outcome> {
    const path = this.urls.issue('actions', { channel: channel.id, user: person.id }, Date.now());
    const payload = {
      type: 'message_action',
      ...about(person),
      ...inChannel(channel),
      callback_id: callbackId,
      ...this.act(person),
      message_ts: message.ts,
      message: messageObject(message, this.workspace.replies(message), true),
      response_url: this.address.url + path,
    };
    return outcomeOf(await this.line.interaction(payload));
  }

  private act(person: Member): { trigger_id: string; action_ts: string } {
    return { trigger_id: this.triggers.issue(person.id, Date.now()), action_ts: this.workspace.clock.next() };
  }
}
