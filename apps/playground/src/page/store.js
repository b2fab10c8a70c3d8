import { get, post } from './api.js';
import { toast } from './toast.js';

// What the page knows and where the person is in it.

const remembered = (key, standard) => {
  try {
    return localStorage.getItem(`deskwire-${key}`) ?? standard;
  } catch {
    return standard;
  }
};

export const store = {
  state: null,
  seen: null,
  mails: null,
  who: remembered('who', 'alice'),
  channelId: null,
  /** `home` or `messages`, in the conversation with the app. */
  tab: 'home',
  threadTs: null,
  /** Per person and channel: the ts up to which it was read. */
  read: new Map(),
  draw: () => undefined,
  refresh: async () => undefined,

  begin() {
    if (!this.state.people.some(({ name }) => name === this.who)) this.who = 'alice';
    this.channelId ??= this.state.channels[0]?.id ?? null;
  },

  get me() {
    return this.state.people.find(({ name }) => name === this.who);
  },

  get channel() {
    return this.seen?.channels.find(({ id }) => id === this.channelId);
  },

  actAs(name) {
    this.who = name;
    try {
      localStorage.setItem('deskwire-who', name);
    } catch {
      // Private windows refuse; the choice then lasts as long as the page.
    }
    this.threadTs = null;
    this.seen = null;
    const channels = this.state.channels.map(({ id }) => id);
    if (!channels.includes(this.channelId)) this.channelId = channels[0];
    this.draw();
    void this.refresh();
  },

  go(channelId) {
    this.channelId = channelId;
    this.threadTs = null;
    this.draw();
  },

  openThread(ts) {
    this.threadTs = ts;
    this.draw();
  },

  markRead() {
    const last = this.channel?.messages.at(-1)?.ts;
    if (last) this.read.set(`${this.who} ${this.channelId}`, last);
  },

  unread(channel) {
    const upTo = Number(this.read.get(`${this.who} ${channel.id}`) ?? 0);
    return channel.messages.filter(
      (one) => Number(one.ts) > upTo && one.user !== this.me.id && (!one.thread_ts || one.thread_ts === one.ts),
    ).length;
  },

  /** Names for mentions and menus. */
  get directory() {
    const { state } = this;
    return {
      people: state.people,
      channels: state.channels,
      user: (id) => state.members[id]?.profile.display_name ?? id,
      channel: (id) => state.channels.find((one) => one.id === id)?.name ?? id,
    };
  },

  /** Does something as the person; failures are told as Slack tells them. Resolves with the outcome, or undefined. */
  async act(what, body) {
    try {
      const outcome = await post(`/people/${this.who}/${what}`, body);
      // A command's failure is told by Slackbot, in the channel.
      if (outcome.ok === false && !outcome.errors && what !== 'command') toast(outcome.message ?? outcome.error);
      return outcome;
    } catch (error) {
      toast(error.message);
      return undefined;
    } finally {
      void this.refresh();
    }
  },

  async suggest(where, query) {
    const { options } = await post(`/people/${this.who}/suggest`, { ...where, query });
    return options;
  },

  mail: (id) => get(`/mails/${id}`),
};
