import { chart } from './chart.js';
import { h } from './dom.js';
import { element } from './elements.js';
import { emojiNode, shown } from './emoji.js';
import { markdown } from './markdown.js';
import { anchor, mrkdwn, plain, showTime } from './mrkdwn.js';

/**
 * Block Kit as nodes. `context` is what surrounds the blocks:
 * { directory, values (state), errors, act(block, element, value), type(block, element, value), suggest(block, element, query) }.
 */
export function blocks(list, context) {
  return list.map((block) =>
    h('div.block', { dataset: { type: block.type } }, (BLOCKS[block.type] ?? unknown)(block, context)),
  );
}

const unknown = (block) => h('p.unknown', `A ${block.type} block, which this page cannot show.`);

export function textObject(text, context) {
  if (!text) return [];
  return text.type === 'mrkdwn' ? mrkdwn(text.text, context.directory) : withBreaks(text.text, true);
}

function withBreaks(text, colons = false) {
  return text
    .split('\n')
    .flatMap((line, index) => (index === 0 ? shown(line, colons) : [h('br'), ...shown(line, colons)]));
}

const image = (one, className) =>
  h(`img.${className}`, { src: one.image_url ?? '', alt: one.alt_text ?? '', loading: 'lazy' });

const BLOCKS = {
  section: (block, context) =>
    h(
      'div.section',
      h(
        'div.section-text',
        block.text && h('div.text', textObject(block.text, context)),
        block.fields &&
          h(
            'div.fields',
            block.fields.map((field) => h('div.text', textObject(field, context))),
          ),
      ),
      block.accessory &&
        h(
          'div.accessory',
          block.accessory.type === 'image' ? image(block.accessory, 'thumb') : element(block, block.accessory, context),
        ),
    ),
  header: (block) => h('h3', shown(block.text.text, true)),
  divider: () => h('hr'),
  context: (block, context) =>
    h(
      'div.context',
      block.elements.map((one) => (one.type === 'image' ? image(one, 'icon') : h('span', textObject(one, context)))),
    ),
  actions: (block, context) =>
    h(
      'div.actions',
      block.elements.map((one) => element(block, one, context)),
    ),
  context_actions: (block, context) =>
    h(
      'div.actions',
      block.elements.map((one) => element(block, one, context)),
    ),
  input: (block, context) => {
    const error = context.errors?.[block.block_id];
    return h(
      `label.input${error ? '.wrong' : ''}`,
      h('span.label', plain(block.label.text), block.optional && h('i', ' (optional)')),
      element(block, block.element, context),
      error ? h('span.error', { role: 'alert' }, error) : block.hint && h('span.hint', plain(block.hint.text)),
    );
  },
  image: (block) => h('figure', block.title && h('figcaption', plain(block.title.text)), image(block, 'picture')),
  rich_text: (block, context) => h('div.text', richText(block, context)),
  markdown: (block) => h('div.text.markdown', markdown(block.text)),
  table: (block, context) => table(block.rows, context),
  data_table: (block, context) =>
    h('div', block.caption && h('div.caption', block.caption), table(block.rows, context)),
  data_visualization: (block) => h('figure', h('figcaption', block.title), chart(block.chart)),
  alert: (block, context) => h(`div.alert.${block.level ?? 'default'}`, textObject(block.text, context)),
  card: (block, context) =>
    h(
      'div.card-block',
      block.hero_image && image(block.hero_image, 'picture'),
      block.title && h('strong', textObject(block.title, context)),
      block.subtitle && h('div.hint', textObject(block.subtitle, context)),
      block.body && h('div.text', textObject(block.body, context)),
      block.actions &&
        h(
          'div.actions',
          block.actions.map((one) => element(block, one, context)),
        ),
    ),
  carousel: (block, context) => h('div.carousel', blocks(block.elements, context)),
  container: (block, context) =>
    h(
      'div.container-block',
      h('strong', block.title ? plain(block.title.text) : richText(block.rich_text_title, context)),
      block.subtitle && h('div.hint', textObject(block.subtitle, context)),
      blocks(block.child_blocks, context),
    ),
  task_card: (block) =>
    h('div.card-block', h('strong', block.title), h('span.hint', ` ${block.status.replace('_', ' ')}`)),
  plan: (block, context) => h('div', h('strong', block.title), blocks(block.tasks ?? [], context)),
  video: (block) => h('figure', h('figcaption', anchor(block.title_url ?? block.video_url, plain(block.title.text)))),
};

function table(rows, context) {
  const cell = (one) => (one.type === 'rich_text' ? richText(one, context) : one.text);
  const [head, ...body] = rows;
  return h(
    'div.table',
    h(
      'table',
      h(
        'thead',
        h(
          'tr',
          (head ?? []).map((one) => h('th', cell(one))),
        ),
      ),
      h(
        'tbody',
        body.map((row) =>
          h(
            'tr',
            row.map((one) => h('td', cell(one))),
          ),
        ),
      ),
    ),
  );
}

function richText(block, context) {
  return block.elements.map((part) => {
    const inner = (elements) => elements.map((one) => richLeaf(one, context));
    switch (part.type) {
      case 'rich_text_list':
        return h(
          part.style === 'ordered' ? 'ol' : 'ul',
          part.elements.map((item) => h('li', inner(item.elements))),
        );
      case 'rich_text_quote':
        return h('blockquote', inner(part.elements));
      case 'rich_text_preformatted':
        return h('pre', inner(part.elements));
      default:
        return h('span', inner(part.elements));
    }
  });
}

function richLeaf(one, { directory }) {
  const nodes = {
    text: () => withBreaks(one.text),
    link: () => [anchor(one.url, one.text ?? one.url)],
    user: () => [h('span.mention', `@${directory.user(one.user_id)}`)],
    channel: () => [h('span.mention', `#${directory.channel(one.channel_id)}`)],
    broadcast: () => [h('span.mention', `@${one.range}`)],
    emoji: () => [emojiNode(one.name)],
    date: () => {
      const node = h('time', { dataset: { at: one.timestamp, format: one.format, fallback: one.fallback ?? '' } });
      showTime(node);
      return [node];
    },
  };
  const style = one.style ?? {};
  const tags = [
    style.code && 'code',
    style.strike && 's',
    style.italic && 'em',
    style.bold && 'strong',
    style.underline && 'u',
  ];
  return tags.filter(Boolean).reduce((inner, tag) => [h(tag, inner)], nodes[one.type]?.() ?? []);
}
