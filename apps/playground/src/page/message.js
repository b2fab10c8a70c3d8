import { blocks } from './blocks.js';
import { h, menuItem, popover } from './dom.js';
import { emojiNode, QUICK_REACTIONS } from './emoji.js';
import { icon } from './icons.js';
import { mrkdwn } from './mrkdwn.js';
import { avatar } from './sidebar.js';
import { store } from './store.js';

const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
const editing = new Set();

/** One message as Slack's client shows it. `compact` follows another by the same person. */
export function messageNode(message, { compact, inThread }) {
  const member = store.state.members[message.user];
  const gone = message.subtype === 'tombstone';
  const at = { channel: message.channel, ts: message.ts };
  const name = member?.is_bot ? member.real_name : (member?.profile.display_name && member.real_name) || message.user;
  const side = compact ? h('span.side', h('time.quiet', clock(message.ts))) : h('span.side', avatar(member));
  return h(
    `article.message${compact ? '.compact' : ''}${message.is_ephemeral ? '.ephemeral' : ''}`,
    { dataset: { ts: message.ts } },
    side,
    h(
      'div.body',
      message.is_ephemeral && h('div.only', icon('eye'), ' Only visible to you'),
      !compact &&
        h(
          'div.by',
          h('strong', name),
          member?.is_bot && h('span.badge', 'APP'),
          h('time', { title: new Date(Number(message.ts) * 1000).toString() }, clock(message.ts)),
        ),
      gone
        ? h('p.gone', 'This message was deleted.')
        : editing.has(message.ts)
          ? editor(message, at)
          : content(message, at),
      (message.reactions ?? []).length > 0 &&
        h(
          'div.reactions',
          message.reactions.map((one) => reaction(one, at)),
        ),
      !inThread && message.reply_count > 0 && replies(message),
      message.is_ephemeral &&
        h('button.link', { type: 'button', onclick: () => store.act('messages/dismiss', at) }, 'Dismiss'),
    ),
    !gone && !message.is_ephemeral && toolbar(message, at, inThread),
  );
}

function content(message, at) {
  const context = {
    directory: store.directory,
    values: message.chosen,
    act: (block, element, value) =>
      store.act('press', { ...at, actionId: element.action_id, blockId: block.block_id, value }),
    type: () => undefined,
    suggest: (block, element, query) =>
      store.suggest({ ...at, actionId: element.action_id, blockId: block.block_id }, query),
  };
  const edited = message.edited && !message.bot_id && h('span.edited', '(edited)');
  const own =
    message.bot_id && message.blocks?.length > 0
      ? blocks(message.blocks, context)
      : h('div.text', mrkdwn(message.text ?? '', store.directory));
  return [
    own,
    edited,
    (message.attachments ?? []).map((one) =>
      h(
        'div.attachment',
        {
          style: one.color
            ? `border-color:${/^#?[0-9a-f]{6}$/i.test(one.color) ? `#${one.color.replace('#', '')}` : '#ddd'}`
            : null,
        },
        one.blocks
          ? blocks(one.blocks, context)
          : h('div.text', mrkdwn(one.text ?? one.fallback ?? '', store.directory)),
      ),
    ),
    (message.files ?? []).map((file) =>
      h('div.file', icon('clip'), ` ${file.name}`, h('small', ` ${Math.ceil(file.size / 1024)} KB`)),
    ),
  ];
}

function replies(message) {
  const people = (message.reply_users ?? []).slice(0, 3).map((id) => avatar(store.state.members[id], '.tiny'));
  return h(
    'button.replies',
    { type: 'button', onclick: () => store.openThread(message.ts) },
    people,
    h('strong', `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`),
    h('span', `Last at ${clock(message.latest_reply)}`),
  );
}

function reaction({ name, users, count }, at) {
  const mine = users.includes(store.me.id);
  const title = `${users.map((id) => store.directory.user(id)).join(', ')} reacted with :${name}:`;
  return h(
    `button.reaction${mine ? '.mine' : ''}`,
    { type: 'button', title, onclick: () => store.act('messages/react', { ...at, name, remove: mine }) },
    emojiNode(name),
    ` ${count}`,
  );
}

function toolbar(message, at, inThread) {
  const react = (name) =>
    store.act('messages/react', {
      ...at,
      name,
      remove: (message.reactions ?? []).some((one) => one.name === name && one.users.includes(store.me.id)),
    });
  return h(
    'div.toolbar',
    QUICK_REACTIONS.slice(0, 3).map((name) =>
      h('button', { type: 'button', title: `React with :${name}:`, onclick: () => react(name) }, emojiNode(name)),
    ),
    !inThread &&
      h(
        'button',
        { type: 'button', title: 'Reply in thread', onclick: () => store.openThread(message.thread_ts ?? message.ts) },
        icon('bubble'),
      ),
    h(
      'button',
      {
        type: 'button',
        title: 'More actions',
        'aria-label': 'More actions',
        onclick: (event) => more(event.currentTarget, message, at, react),
      },
      '⋮',
    ),
  );
}

function more(anchor, message, at, react) {
  const shortcuts = store.state.shortcuts.filter(({ type }) => type === 'message');
  const own = message.user === store.me.id;
  popover(anchor, (close) => {
    const item = (label, act, extra) =>
      menuItem(
        label,
        () => {
          close();
          void act();
        },
        extra,
      );
    return [
      h(
        'div.menu-row',
        QUICK_REACTIONS.map((name) =>
          h(
            'button',
            {
              type: 'button',
              title: `:${name}:`,
              onclick: () => {
                close();
                void react(name);
              },
            },
            emojiNode(name),
          ),
        ),
      ),
      shortcuts.map(({ name, callbackId }) =>
        item([icon('bolt'), name], () => store.act('shortcut', { callbackId, ...at })),
      ),
      own &&
        item('Edit message', () => {
          editing.add(message.ts);
          store.draw();
        }),
      own && item('Delete message', () => store.act('messages/delete', at), '.danger'),
    ];
  });
}

function editor(message, at) {
  const field = h('textarea.field', { rows: 2, value: plainText(message) });
  const stop = () => {
    editing.delete(message.ts);
    store.draw();
  };
  const save = async () => {
    editing.delete(message.ts);
    await store.act('messages/edit', { ...at, text: field.value });
  };
  return h(
    'div.editor',
    field,
    h(
      'div.buttons',
      h('button.btn', { type: 'button', onclick: stop }, 'Cancel'),
      h('button.btn.primary', { type: 'button', onclick: save }, 'Save'),
    ),
  );
}

function plainText(message) {
  return message.text
    .replaceAll(/<@(U[A-Z0-9]+)>/g, (_, id) => `@${store.directory.user(id)}`)
    .replaceAll(/<#C[A-Z0-9]+\|([^>]+)>/g, '#$1')
    .replaceAll(/<(https?:[^>|]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Draws messages into `root`, touching only what changed, so that menus and selections survive. */
export function messageList(root) {
  const drawn = new Map();
  return (messages, { inThread = false, empty }) => {
    const atBottom = root.scrollHeight - root.scrollTop - root.clientHeight < 60;
    const wanted = new Map();
    let previous;
    for (const message of messages) {
      const compact = followsOn(previous, message);
      const day = new Date(Number(message.ts) * 1000).toDateString();
      const divider = !inThread && (!previous || new Date(Number(previous.ts) * 1000).toDateString() !== day);
      const key = JSON.stringify([message, compact, divider, store.who, editing.has(message.ts)]);
      const old = drawn.get(message.ts);
      const keep = old?.key === key;
      const nodes = keep
        ? old.nodes
        : [divider && h('div.day', h('span', dayName(day))), messageNode(message, { compact, inThread })].filter(
            Boolean,
          );
      wanted.set(message.ts, { key, nodes });
      previous = message;
    }
    const nodes = [...wanted.values()].flatMap((one) => one.nodes);
    if (nodes.length === 0) root.replaceChildren(empty());
    else sync(root, nodes);
    drawn.clear();
    for (const [ts, one] of wanted) drawn.set(ts, one);
    if (atBottom) root.scrollTop = root.scrollHeight;
  };
}

/** Makes the children of `root` these nodes, moving none that is already in its place. */
function sync(root, nodes) {
  const keep = new Set(nodes);
  for (const child of Array.from(root.children)) if (!keep.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (root.children[index] !== node) root.insertBefore(node, root.children[index] ?? null);
  });
}

function followsOn(previous, message) {
  if (!previous || previous.user !== message.user || message.is_ephemeral || previous.is_ephemeral) return false;
  if (message.reply_count > 0 || (message.blocks ?? []).some(({ type }) => type === 'header')) return false;
  return Number(message.ts) - Number(previous.ts) < 300 && message.user !== 'USLACKBOT' && !message.bot_id;
}

function dayName(day) {
  if (day === new Date().toDateString()) return 'Today';
  return new Date(day).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}
