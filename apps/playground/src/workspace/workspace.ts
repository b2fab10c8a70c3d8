import { Subject } from 'rxjs';
import { newId, TsClock } from './ids.js';
import { APP, type Channel, type Member, type Message } from './model.js';
import { PEOPLE, ROBOTS, seedChannels } from './seed.js';
import { BadRequest, SlackError } from './slack-error.js';

/** What happened in the workspace; the bot hears of it as events, the page as a hint to look again. */
export type Happening =
  | { kind: 'posted'; message: Message }
  | { kind: 'changed'; message: Message; before: Message }
  | { kind: 'deleted'; message: Message; ts: string }
  | { kind: 'reacted' | 'unreacted'; message: Message; user: string; name: string }
  | { kind: 'joined'; channel: Channel; user: string }
  | { kind: 'shown' };

export type Draft = Pick<Message, 'channel' | 'user' | 'text'> &
  Partial<
    Pick<Message, 'botId' | 'blocks' | 'attachments' | 'threadTs' | 'metadata' | 'clientMsgId' | 'files' | 'broadcast'>
  >;

/** People, channels and messages, in memory. Knows nothing of HTTP. */
export class Workspace {
  readonly happenings = new Subject<Happening>();
  readonly clock = new TsClock();
  readonly members = new Map<string, Member>([...PEOPLE, ...ROBOTS].map((one) => [one.id, one]));
  readonly channels = new Map<string, Channel>();
  /** Newest last; bounded, since nobody reads them after a while. */
  ephemerals: Message[] = [];

  constructor(
    private readonly triage: string,
    private readonly alerts: string,
  ) {
    this.reset();
  }

  reset(): void {
    const createdS = Math.floor(Date.now() / 1_000);
    const people = PEOPLE.map(({ id }) => id);
    this.channels.clear();
    this.ephemerals = [];
    for (const seed of seedChannels(this.triage, this.alerts)) {
      const members = new Set([...people, APP.botUser]);
      this.channels.set(seed.id, { ...seed, createdS, members, messages: new Map() });
    }
    people.forEach((id, index) => {
      const im = { id: `D0DIRECT0${index + 1}`, name: '', purpose: '', createdS, imWith: id };
      this.channels.set(im.id, { ...im, members: new Set([id, APP.botUser]), messages: new Map() });
    });
    this.happenings.next({ kind: 'shown' });
  }

  /** A person by short name, id or e-mail address. */
  person(who: string): Member {
    const found = PEOPLE.find((one) => [one.id, one.name, one.email].includes(who));
    if (!found)
      throw new BadRequest(`who: nobody called ${who}; there are ${PEOPLE.map(({ name }) => name).join(', ')}`, 404);
    return found;
  }

  channelById(id: string): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw new SlackError('channel_not_found');
    return channel;
  }

  /** As chat.postMessage takes it: an id, a name with or without #, or a person's id for the direct conversation. */
  findChannel(reference: string): Channel | undefined {
    const name = reference.replace(/^#/, '');
    return (
      this.channels.get(reference) ??
      [...this.channels.values()].find((channel) => channel.name === name && !channel.imWith) ??
      [...this.channels.values()].find((channel) => channel.imWith === reference)
    );
  }

  message(channel: Channel, ts: string): Message {
    const message = channel.messages.get(ts);
    if (!message || message.tombstone) throw new SlackError('message_not_found');
    return message;
  }

  replies(parent: Message): Message[] {
    const { messages } = this.channelById(parent.channel);
    return [...messages.values()].filter((one) => one.threadTs === parent.ts && one.ts !== parent.ts);
  }

  post(draft: Draft): Message {
    const message = this.build(draft);
    this.channelById(draft.channel).messages.set(message.ts, message);
    this.happenings.next({ kind: 'posted', message });
    return message;
  }

  postEphemeral(draft: Draft, user: string): Message {
    const message = { ...this.build(draft), ephemeralFor: user };
    this.ephemerals = [...this.ephemerals.slice(-499), message];
    this.happenings.next({ kind: 'shown' });
    return message;
  }

  change(
    message: Message,
    user: string,
    change: Partial<Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata'>>,
  ): void {
    const before = { ...message };
    Object.assign(message, change);
    if (message.ephemeralFor) {
      this.happenings.next({ kind: 'shown' });
      return;
    }
    message.edited = { user, ts: this.clock.next() };
    this.happenings.next({ kind: 'changed', message, before });
  }

  remove(message: Message): void {
    if (message.ephemeralFor) {
      this.ephemerals = this.ephemerals.filter((one) => one !== message);
      this.happenings.next({ kind: 'shown' });
      return;
    }
    if (this.replies(message).length > 0) message.tombstone = true;
    else this.channelById(message.channel).messages.delete(message.ts);
    this.happenings.next({ kind: 'deleted', message, ts: this.clock.next() });
  }

  react(message: Message, user: string, name: string): void {
    const reaction = message.reactions.find((one) => one.name === name);
    if (reaction?.users.includes(user)) throw new SlackError('already_reacted');
    if (reaction) reaction.users.push(user);
    else message.reactions.push({ name, users: [user] });
    this.happenings.next({ kind: 'reacted', message, user, name });
  }

  unreact(message: Message, user: string, name: string): void {
    const reaction = message.reactions.find((one) => one.name === name);
    if (!reaction?.users.includes(user)) throw new SlackError('no_reaction');
    reaction.users = reaction.users.filter((one) => one !== user);
    message.reactions = message.reactions.filter((one) => one.users.length > 0);
    this.happenings.next({ kind: 'unreacted', message, user, name });
  }

  private build(draft: Draft): Message {
    return {
      blocks: [],
      attachments: [],
      files: [],
      broadcast: false,
      reactions: [],
      chosen: new Map(),
      ...(draft.user === APP.botUser ? {} : { clientMsgId: newId('M') }),
      ...draft,
      ts: this.clock.next(),
    };
  }
}
