import { h } from './dom.js';

/** A short message that goes by itself; for what went wrong. */
export function toast(words) {
  const node = h(
    'div.toast',
    h('span', words),
    h('button', { type: 'button', 'aria-label': 'Dismiss', onclick: () => node.remove() }, '×'),
  );
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), 9_000);
}
