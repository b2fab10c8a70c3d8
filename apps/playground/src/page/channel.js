import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { h, replace } from './dom.js';
import { messageList } from './message.js';
import { store } from './store.js';

/** The middle: a channel's messages, or the app's Home. */
export function channelPane(root) {
  const head = h('header.head');
  const list = h('div.messages', { tabIndex: 0, 'aria-label': 'Messages' });
  const home = h('div.home', { hidden: true });
  const writing = composer({ placeholder: 'Message' });
  replace(root, head, list, home, writing.node);
  const draw = messageList(list);
  let shown = '';
  let shownHome = '';

  return () => {
    if (!store.state) return;
    const { channel } = store;
    if (!channel) {
      replace(list, h('div.empty', store.seen ? 'You are not in this channel.' : 'Loading…'));
      shown = '';
      return;
    }
    const onHome = channel.direct && store.tab === 'home';
    replace(
      head,
      channel.direct
        ? [h('h2', 'Deskwire'), tabs()]
        : [h('h2', `# ${channel.name}`), h('p', channel.purpose), h('span.members', `${channel.members} members`)],
    );
    list.hidden = onHome;
    home.hidden = !onHome;
    writing.node.hidden = onHome;
    writing.setPlaceholder(
      channel.direct ? 'Message Deskwire' : `Message #${channel.name}, or ${store.state.command} …`,
    );
    if (onHome) {
      const key = JSON.stringify([store.who, store.seen.home]);
      if (key !== shownHome) drawHome(home, store.seen.home);
      shownHome = key;
      return;
    }
    const top = channel.messages.filter(
      (one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === 'thread_broadcast',
    );
    const fresh = shown !== `${store.who} ${channel.id}`;
    draw(top, { empty: () => emptyChannel(channel) });
    shown = `${store.who} ${channel.id}`;
    if (fresh) list.scrollTop = list.scrollHeight;
    store.markRead();
  };
}

function tabs() {
  const tab = (name, words) =>
    h(
      `button.tab${store.tab === name ? '.active' : ''}`,
      {
        type: 'button',
        onclick: () => {
          store.tab = name;
          store.draw();
          if (name === 'home') void store.act('home/open', {});
        },
      },
      words,
    );
  return h('nav.tabs', tab('home', 'Home'), tab('messages', 'Messages'));
}

function drawHome(root, view) {
  if (!view) {
    replace(
      root,
      h('div.empty', h('strong', 'Nothing here yet'), h('p', 'Deskwire shows your tickets here once it runs.')),
    );
    return;
  }
  const act = (block, element, value) =>
    store.act('view/press', { view: 'home', actionId: element.action_id, blockId: block.block_id, value });
  const suggest = (block, element, query) =>
    store.suggest({ view: 'home', actionId: element.action_id, blockId: block.block_id }, query);
  replace(
    root,
    h(
      'div.home-inner',
      blocks(view.blocks, {
        directory: store.directory,
        values: view.state.values,
        act,
        type: () => undefined,
        suggest,
      }),
    ),
  );
}

function emptyChannel(channel) {
  const triage = channel.id === store.state.channels[0]?.id;
  return h(
    'div.empty',
    h('strong', channel.direct ? 'No messages yet' : `This is the beginning of #${channel.name}`),
    h('p', channel.purpose),
    triage &&
      h(
        'p',
        `Write a mail to ${store.state.supportAddress} on the right, or type `,
        h('code', `${store.state.command} new`),
        ' below.',
      ),
  );
}
