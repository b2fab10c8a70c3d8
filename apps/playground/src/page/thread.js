import { composer } from './composer.js';
import { h, replace } from './dom.js';
import { messageList } from './message.js';
import { store } from './store.js';

/** The thread beside the channel. */
export function threadPane(root) {
  const place = h('small');
  const close = h(
    'button.close',
    { type: 'button', 'aria-label': 'Close thread', onclick: () => store.openThread(null) },
    '×',
  );
  const list = h('div.messages', { tabIndex: 0, 'aria-label': 'Thread' });
  const writing = composer({ placeholder: 'Reply…', threadTs: () => store.threadTs });
  replace(root, h('header.head', h('h2', 'Thread'), place, close), list, writing.node);
  const draw = messageList(list);
  let shown = null;

  return () => {
    const { channel, threadTs } = store;
    const messages = channel?.messages.filter((one) => one.ts === threadTs || one.thread_ts === threadTs) ?? [];
    root.hidden = threadTs === null || messages.length === 0;
    root.parentElement.classList.toggle('with-thread', !root.hidden);
    if (root.hidden) {
      shown = null;
      return;
    }
    place.textContent = channel.direct ? 'Deskwire' : `# ${channel.name}`;
    draw(messages, { inThread: true, empty: () => h('div.empty', 'No replies yet.') });
    if (shown !== threadTs) list.scrollTop = list.scrollHeight;
    shown = threadTs;
  };
}
