import { h, menuItem, popover } from './dom.js';
import { shown } from './emoji.js';
import { plain } from './mrkdwn.js';

// Interactive elements. In a message or home a choice acts at once; in an input block it is kept until the modal is submitted.

export function element(block, one, context) {
  const draw = ELEMENTS[one.type];
  if (!draw) return h('span.unknown', `[${one.type}]`);
  const inInput = block.type === 'input';
  const change = async (value, node) => {
    if (inInput) context.type(block, one, value);
    if (inInput && block.dispatch_action !== true) return;
    if (!(await confirmed(one.confirm))) return;
    node?.classList.add('busy');
    try {
      await context.act(block, one, value);
    } finally {
      node?.classList.remove('busy');
    }
  };
  const held = context.values?.[block.block_id]?.[one.action_id] ?? {};
  return draw(one, { block, context, change, held, typing: inInput });
}

const label = (option) => plain(option.text.text);
const hintOf = (one, other) => (one.placeholder ? plain(one.placeholder.text) : other);

const ELEMENTS = {
  button: (one, { change }) => {
    const node = h(
      `button.btn${one.style ? `.${one.style}` : ''}`,
      { type: 'button', title: one.accessibility_label },
      shown(one.text.text, true),
    );
    node.addEventListener('click', (event) => {
      event.preventDefault();
      if (one.url && /^https?:/i.test(one.url)) open(one.url, '_blank', 'noopener');
      void change(one.value, node);
    });
    return node;
  },
  workflow_button: (one, tools) => ELEMENTS.button(one, tools),
  icon_button: (one, tools) => ELEMENTS.button(one, tools),
  feedback_buttons: (one, { change }) =>
    h(
      'span.actions',
      [one.positive_button, one.negative_button].map((button) =>
        h('button.btn', { type: 'button', onclick: () => change(button.value) }, plain(button.text.text)),
      ),
    ),
  overflow: (one, { change }) => {
    const node = h('button.btn.overflow', { type: 'button', 'aria-label': 'More actions', title: 'More actions' }, '⋯');
    const items = (close) =>
      one.options.map((option) =>
        menuItem(h('span', label(option), option.description && h('small', plain(option.description.text))), () => {
          close();
          void change(option.value, node);
        }),
      );
    node.addEventListener('click', (event) => {
      event.preventDefault();
      popover(node, items);
    });
    return node;
  },
  static_select: (one, tools) => nativeSelect(one, tools, groupsOf(one), tools.held.selected_option?.value),
  users_select: (one, tools) => nativeSelect(one, tools, peopleOf(tools), tools.held.selected_user, 'Choose a person'),
  channels_select: (one, tools) =>
    nativeSelect(one, tools, channelsOf(tools), tools.held.selected_channel, 'Choose a channel'),
  conversations_select: (one, tools) =>
    nativeSelect(one, tools, channelsOf(tools), tools.held.selected_conversation, 'Choose a conversation'),
  external_select: (one, tools) => external(one, tools),
  multi_static_select: (one, tools) =>
    many(
      one,
      tools,
      groupsOf(one),
      (tools.held.selected_options ?? []).map(({ value }) => value),
    ),
  multi_users_select: (one, tools) => many(one, tools, peopleOf(tools), tools.held.selected_users ?? []),
  multi_channels_select: (one, tools) => many(one, tools, channelsOf(tools), tools.held.selected_channels ?? []),
  multi_conversations_select: (one, tools) =>
    many(one, tools, channelsOf(tools), tools.held.selected_conversations ?? []),
  multi_external_select: (one, tools) => external(one, tools),
  radio_buttons: (one, tools) => choices(one, tools, 'radio', [tools.held.selected_option?.value]),
  checkboxes: (one, tools) =>
    choices(
      one,
      tools,
      'checkbox',
      (tools.held.selected_options ?? []).map(({ value }) => value),
    ),
  datepicker: (one, tools) => input(one, tools, { type: 'date' }, tools.held.selected_date, 'change'),
  timepicker: (one, tools) => input(one, tools, { type: 'time' }, tools.held.selected_time, 'change'),
  datetimepicker: (one, { held, change }) => {
    const local = held.selected_date_time
      ? new Date(held.selected_date_time * 1000 - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
      : '';
    const node = h('input.field', { type: 'datetime-local', value: local });
    node.addEventListener('change', () =>
      change(node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null, node),
    );
    return node;
  },
  plain_text_input: (one, tools) =>
    one.multiline ? area(one, tools, tools.held.value) : input(one, tools, { type: 'text' }, tools.held.value),
  email_text_input: (one, tools) => input(one, tools, { type: 'email' }, tools.held.value),
  url_text_input: (one, tools) => input(one, tools, { type: 'url' }, tools.held.value),
  number_input: (one, tools) => input(one, tools, { type: 'text', inputMode: 'decimal' }, tools.held.value),
  rich_text_input: (one, tools) => area(one, tools, plainOf(tools.held.rich_text_value)),
  file_input: () => h('span.hint', 'Files cannot be attached in the playground’s modals.'),
};

function plainOf(rich) {
  const texts = (node) => (node?.text ?? '') + (node?.elements ?? []).map(texts).join('');
  return rich ? texts(rich) : '';
}

const groupsOf = (one) =>
  (one.option_groups ?? [{ options: one.options ?? [] }]).map((group) => ({
    name: group.label && plain(group.label.text),
    items: group.options.map((option) => [option.value, label(option)]),
  }));
const peopleOf = ({ context }) => [{ items: context.directory.people.map(({ id, realName }) => [id, realName]) }];
const channelsOf = ({ context }) => [{ items: context.directory.channels.map(({ id, name }) => [id, `#${name}`]) }];

function nativeSelect(one, { change, block }, groups, chosen, hint = 'Choose an option') {
  const option = ([value, text]) => h('option', { value, selected: value === chosen }, text);
  const node = h(
    'select.field',
    { 'aria-label': hintOf(one, hint) },
    h(
      'option',
      {
        value: '',
        selected: chosen === undefined || chosen === null,
        disabled: block.type !== 'input' || !block.optional,
      },
      hintOf(one, hint),
    ),
    groups.map(({ name, items }) => (name ? h('optgroup', { label: name }, items.map(option)) : items.map(option))),
  );
  node.addEventListener('change', () => change(node.value === '' ? null : node.value, node));
  return node;
}

function many(one, { change }, groups, chosen) {
  const selected = new Set(chosen);
  const names = new Map(groups.flatMap(({ items }) => items));
  const node = h('button.field.many', { type: 'button' });
  const show = () =>
    (node.textContent =
      [...selected].map((value) => names.get(value) ?? value).join(', ') || hintOf(one, 'Choose options'));
  show();
  node.addEventListener('click', (event) => {
    event.preventDefault();
    popover(node, () =>
      groups.flatMap(({ name, items }) => [
        name && h('div.menu-title', name),
        items.map(([value, text]) =>
          h(
            'label.menu-item',
            h('input', {
              type: 'checkbox',
              checked: selected.has(value),
              onchange: (tick) => {
                if (tick.target.checked) selected.add(value);
                else selected.delete(value);
                show();
                void change([...selected], node);
              },
            }),
            ` ${text}`,
          ),
        ),
      ]),
    );
  });
  return node;
}

/** A menu whose options the app gives, for what is typed. */
function external(one, { change, held, context, block }) {
  const several = one.type.startsWith('multi_');
  let chosen = several ? (held.selected_options ?? []) : held.selected_option ? [held.selected_option] : [];
  const node = h('button.field.many', { type: 'button' });
  const show = () => (node.textContent = chosen.map(label).join(', ') || hintOf(one, 'Search…'));
  show();
  const search = (close) => {
    const found = h('div.found', h('div.menu-note', 'Type to search'));
    const query = h('input.field', { type: 'search', placeholder: hintOf(one, 'Search…') });
    let turn = 0;
    const look = async () => {
      const mine = ++turn;
      if (query.value.length < (one.min_query_length ?? 3)) return;
      found.replaceChildren(h('div.menu-note', 'Searching…'));
      try {
        const options = await context.suggest(block, one, query.value);
        if (mine !== turn) return;
        const items = options.map((option) =>
          menuItem(label(option), () => {
            chosen = several ? [...chosen, option] : [option];
            show();
            close();
            void change(several ? chosen : option, node);
          }),
        );
        found.replaceChildren(...(items.length > 0 ? items : [h('div.menu-note', 'No results')]));
      } catch (error) {
        found.replaceChildren(h('div.menu-note', error.message));
      }
    };
    query.addEventListener('input', look);
    void look();
    return [h('div.menu-search', query), found];
  };
  node.addEventListener('click', (event) => {
    event.preventDefault();
    popover(node, search);
  });
  return node;
}

let group = 0;

function choices(one, { change }, type, chosen) {
  const name = `choice-${(group += 1)}`;
  const boxes = one.options.map((option) =>
    h('input', { type, name, value: option.value, checked: chosen.includes(option.value) }),
  );
  const node = h(
    'span.choices',
    boxes.map((box, index) =>
      h(
        'label',
        box,
        h(
          'span',
          label(one.options[index]),
          one.options[index].description && h('small', plain(one.options[index].description.text)),
        ),
      ),
    ),
  );
  node.addEventListener('change', () => {
    const values = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    void change(type === 'radio' ? values[0] : values, node);
  });
  return node;
}

function input(one, tools, props, value, on = 'input') {
  const node = h('input.field', {
    ...props,
    value: value ?? '',
    placeholder: hintOf(one, ''),
    maxLength: one.max_length ?? 3000,
    autofocus: one.focus_on_load,
  });
  return typing(node, one, tools, on);
}

function area(one, tools, value) {
  const node = h('textarea.field', {
    rows: 5,
    value: value ?? '',
    placeholder: hintOf(one, ''),
    maxLength: one.max_length ?? 3000,
    autofocus: one.focus_on_load,
  });
  return typing(node, one, tools, 'input');
}

/** Text is kept as it is typed; with dispatch_action the app hears of it on Enter. */
function typing(node, one, { change, context, block, typing: inInput }, on) {
  if (on === 'change' || !inInput) node.addEventListener('change', () => change(node.value || null, node));
  else {
    node.addEventListener('input', () => context.type(block, one, node.value));
    if (block.dispatch_action)
      node.addEventListener('keydown', (event) => event.key === 'Enter' && change(node.value, node));
  }
  return node;
}

/** The confirm object's dialog; true when there is none. */
function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const dialog = h(
      'dialog.confirm',
      { oncancel: answer(false) },
      h('h3', confirm.title ? plain(confirm.title.text) : 'Are you sure?'),
      h('p', plain(confirm.text.text)),
      h(
        'div.buttons',
        h('button.btn', { type: 'button', onclick: answer(false) }, confirm.deny ? plain(confirm.deny.text) : 'Cancel'),
        h(
          `button.btn.${confirm.style ?? 'primary'}`,
          { type: 'button', onclick: answer(true) },
          confirm.confirm ? plain(confirm.confirm.text) : 'Yes',
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
