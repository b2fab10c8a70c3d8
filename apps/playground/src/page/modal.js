import { blocks } from './blocks.js';
import { h, replace } from './dom.js';
import { plain } from './mrkdwn.js';
import { store } from './store.js';

/** The modal on top of the person's stack. What is typed stays here until it is submitted or a button is pressed. */
export function modals(root) {
  let shown = '';
  let typed = new Map();
  let viewId = null;

  const all = () => [...typed.values()];

  return () => {
    const view = store.seen?.views.at(-1);
    const key = view ? JSON.stringify([store.who, view.id, view.hash, view.errors, view.failure]) : '';
    if (key === shown) return;
    shown = key;
    if (!view) {
      replace(root);
      root.hidden = true;
      typed = new Map();
      viewId = null;
      return;
    }
    if (view.id !== viewId) typed = new Map();
    viewId = view.id;
    root.hidden = false;

    const context = {
      directory: store.directory,
      errors: view.errors,
      values: withTyped(view, typed),
      type: (block, element, value) =>
        typed.set(`${block.block_id}/${element.action_id}`, {
          blockId: block.block_id,
          actionId: element.action_id,
          value,
        }),
      act: (block, element, value) => {
        const use = { actionId: element.action_id, blockId: block.block_id, value };
        return store.act('view/press', { view: 'modal', ...use, typed: all() });
      },
      suggest: (block, element, query) =>
        store.suggest({ view: 'modal', actionId: element.action_id, blockId: block.block_id }, query),
    };
    const submit = async (event) => {
      event?.preventDefault();
      panel.classList.add('busy');
      await store.act('view/submit', { viewId: view.id, typed: all() });
      panel.classList.remove('busy');
    };
    const close = (everything) => () => store.act('view/close', { all: everything });
    const deep = store.seen.views.length > 1;
    const body = h(
      'div.modal-body',
      view.failure && h('div.alert.error', { role: 'alert' }, view.failure),
      blocks(view.blocks, context),
    );
    const panel = h(
      'form.modal',
      {
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': plain(view.title.text),
        noValidate: true,
        onsubmit: submit,
      },
      h(
        'header',
        deep && h('button.close', { type: 'button', 'aria-label': 'Back', onclick: close(false) }, '‹'),
        h('h2', plain(view.title.text)),
        h('button.close', { type: 'button', 'aria-label': 'Close', onclick: close(true) }, '×'),
      ),
      body,
      (view.submit || view.close) &&
        h(
          'footer',
          h(
            'button.btn',
            { type: 'button', onclick: close(false) },
            view.close ? plain(view.close.text) : deep ? 'Back' : 'Cancel',
          ),
          view.submit && h('button.btn.primary', { type: 'submit' }, plain(view.submit.text)),
        ),
    );
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') void close(false)();
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit();
    });
    replace(root, panel);
    const wrong = panel.querySelector('.wrong');
    const first =
      (wrong ?? body).querySelector('[autofocus]') ??
      (wrong ?? body).querySelector('.field, input, button') ??
      panel.querySelector('button.primary');
    first?.focus();
  };
}

/** The server's state with what was typed since laid over it, so that a field error does not wipe a form. */
function withTyped(view, typed) {
  const values = structuredClone(view.state.values);
  for (const { blockId, actionId, value } of typed.values()) {
    const held = values[blockId]?.[actionId];
    if (!held) continue;
    const element = view.blocks.find((block) => block.block_id === blockId)?.element;
    const key = Object.keys(held).find((name) => name !== 'type');
    if (key === 'selected_option')
      held[key] = typeof value === 'object' ? value : (optionsOf(element).find((one) => one.value === value) ?? null);
    else if (key === 'selected_options')
      held[key] = (value ?? []).map((one) =>
        typeof one === 'object'
          ? one
          : (optionsOf(element).find((option) => option.value === one) ?? { value: one, text: { text: one } }),
      );
    else if (key === 'rich_text_value')
      held[key] = typeof value === 'string' ? { elements: [{ elements: [{ text: value }] }] } : value;
    else if (key) held[key] = value;
  }
  return values;
}

function optionsOf(element) {
  return [...(element?.options ?? []), ...(element?.option_groups ?? []).flatMap(({ options }) => options)];
}
