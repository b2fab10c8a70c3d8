import { icon } from './icons.js';
import { append, h, menuItem, popover, replace } from './dom.js';
import { store } from './store.js';

export function initials(name) {
  return name
    .split(' ')
    .map((part) => part[0])
    .slice(0, 2)
    .join('');
}

export function avatar(member, size = '') {
  const bot = member?.is_bot ?? false;
  const name = member?.real_name ?? member?.realName ?? '?';
  const node = h(`span.avatar${size}`, { 'aria-hidden': 'true', style: `background:#${member?.color ?? '888888'}` });
  if (bot && name === 'Deskwire') append(node, [h('img', { src: '/page/icon.svg', alt: '' })]);
  else append(node, [initials(name)]);
  return node;
}

/** Channels, the conversation with the app, shortcuts, and whom one acts as. */
export function sidebar(root) {
  return () => {
    if (!store.state) return;
    const { me } = store;
    const channels = store.seen?.channels ?? [];
    const entry = (channel, name, mark) => {
      const active = channel.id === store.channelId;
      const unread = active ? 0 : store.unread(channel);
      return h(
        `button.entry${active ? '.active' : ''}${unread > 0 ? '.unread' : ''}`,
        { type: 'button', 'aria-current': active ? 'page' : null, onclick: () => open(channel) },
        h('span.mark', mark),
        h('span.name', name),
        unread > 0 && h('span.count', unread > 99 ? '99+' : unread),
      );
    };
    const open = (channel) => {
      store.go(channel.id);
      if (channel.direct && store.tab === 'home') void store.act('home/open', {});
    };
    replace(
      root,
      h('div.team', h('strong', store.state.team), h('small', 'A Slack of your own')),
      h(
        'button.shortcuts',
        { type: 'button', onclick: (event) => shortcuts(event.currentTarget) },
        icon('bolt'),
        'Shortcuts',
      ),
      h('div.group', 'Channels'),
      channels.filter(({ direct }) => !direct).map((channel) => entry(channel, channel.name, '#')),
      h('div.group', 'Apps'),
      channels
        .filter(({ direct }) => direct)
        .map((channel) =>
          entry(channel, 'Deskwire', h('img', { src: '/page/icon.svg', alt: '', width: 16, height: 16 })),
        ),
      h('div.grow'),
      h(
        'button.who',
        { type: 'button', title: 'Act as somebody else', onclick: (event) => people(event.currentTarget) },
        avatar(me),
        h('span', h('strong', me.realName), h('small', me.title)),
        h('span.caret', '⌄'),
      ),
    );
  };
}

function people(anchor) {
  popover(anchor, (close) => [
    h('div.menu-title', 'Act as'),
    store.state.people.map((person) =>
      menuItem(
        [
          avatar(person, '.small'),
          h('span', h('strong', person.realName), h('small', `${person.title} · ${person.email}`)),
        ],
        () => {
          close();
          store.actAs(person.name);
        },
      ),
    ),
  ]);
}

function shortcuts(anchor) {
  const global = store.state.shortcuts.filter(({ type }) => type === 'global');
  popover(anchor, (close) => [
    h('div.menu-title', 'Shortcuts'),
    global.map(({ name, callbackId }) =>
      menuItem(name, () => {
        close();
        void store.act('shortcut', { callbackId });
      }),
    ),
    global.length === 0 && h('div.menu-note', 'The app has none.'),
  ]);
}
