import { h, menuItem, popover } from './dom.js';
import { store } from './store.js';

const IDEAS = [
  ['new', 'open a ticket in a modal'],
  ['list', 'what is open'],
  ['list mine', 'what is yours'],
  ['view 1', 'a ticket’s card, privately'],
  ['help', 'everything it can do'],
];

/** Where one writes. Text that begins with / is a command; Enter sends. */
export function composer({ placeholder, threadTs }) {
  const field = h('textarea', { rows: 1, placeholder, 'aria-label': placeholder });
  const fit = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
    send.disabled = field.value.trim() === '';
  };
  const submit = async () => {
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    fit();
    const thread = threadTs?.();
    const place = { channel: store.channelId, text, ...(thread ? { threadTs: thread } : {}) };
    node.classList.add('busy');
    const outcome = await store.act(text.startsWith('/') ? 'command' : 'messages', place);
    node.classList.remove('busy');
    if (outcome === undefined && field.value === '') field.value = text;
    fit();
    field.focus();
  };
  const commands = (event) =>
    popover(event.currentTarget, (close) => [
      h('div.menu-title', 'Commands'),
      IDEAS.map(([verb, words]) =>
        menuItem(h('span', h('strong', `${store.state.command} ${verb}`), h('small', words)), () => {
          close();
          field.value = `${store.state.command} ${verb}`;
          fit();
          field.focus();
        }),
      ),
    ]);
  field.addEventListener('input', fit);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  const send = h(
    'button.send',
    { type: 'button', title: 'Send', 'aria-label': 'Send', disabled: true, onclick: submit },
    '➤',
  );
  const node = h(
    'div.composer',
    field,
    h(
      'div.tools',
      !threadTs && h('button.slash', { type: 'button', title: 'Commands', onclick: commands }, '/'),
      h('span.hint', 'Enter sends, Shift+Enter breaks the line'),
      send,
    ),
  );
  return { node, setPlaceholder: (words) => Object.assign(field, { placeholder: words }), focus: () => field.focus() };
}
