import { anyText, imageElement, imageFields, mrkdwn, plainText, url } from './composition.js';
import { ELEMENTS, elementsAt, type Place } from './elements.js';
import { SLACK_LIMITS as MAX } from './limits.js';
import { richText } from './rich-text.js';
import {
  all,
  anything,
  boolean,
  integer,
  isObject,
  list,
  needs,
  number,
  object,
  oneOf,
  optional,
  string,
  typed,
  under,
  type Fields,
  type Rule,
} from './rules.js';

/** Where blocks are shown. */
export type Surface = 'message' | 'modal' | 'home';

interface Block {
  readonly surfaces: readonly Surface[];
  readonly rule: Rule;
}

const everywhere: readonly Surface[] = ['message', 'modal', 'home'];
const known = (): readonly string[] => Object.keys(ELEMENTS);
const TABLES: Readonly<Record<Place, Readonly<Record<string, Rule>>>> = {
  section: elementsAt('section'),
  actions: elementsAt('actions'),
  input: elementsAt('input'),
  context: elementsAt('context'),
  context_actions: elementsAt('context_actions'),
};
const elementAt = (place: Place): Rule => typed('an element', () => TABLES[place], known);

function block(type: string, surfaces: readonly Surface[], fields: Fields, ...also: readonly Rule[]): Block {
  return {
    surfaces,
    rule: all(object({ type: oneOf(type), block_id: optional(string(MAX.id)), ...fields }), ...also),
  };
}

const cell = typed('a table cell', () => ({
  raw_text: object({ type: oneOf('raw_text'), text: string(MAX.sectionText, 0) }),
  raw_number: object({ type: oneOf('raw_number'), value: number, text: string(MAX.sectionText) }),
  rich_text: richText,
}));
const rows = list(list(cell, MAX.tableColumns, 1, 'columns'), MAX.tableRows, 1, 'rows');

const label = string(MAX.chartLabel);
const points = list(object({ label, value: number }), MAX.chartPoints, 1, 'points');
const series = list(object({ name: label, data: points }), MAX.chartSeries, 1, 'series');
const axis_config = object({
  categories: list(label, MAX.chartPoints, 1, 'categories'),
  x_label: optional(string(MAX.chartTitle)),
  y_label: optional(string(MAX.chartTitle)),
});
const plot = (type: string): Rule =>
  all(object({ type: oneOf(type), series, axis_config }), (chart, path, found) => seriesFitAxis(chart, path, found));
const chart = typed('a chart', () => ({
  pie: object({ type: oneOf('pie'), segments: list(object({ label, value: number }), MAX.chartSeries, 1, 'segments') }),
  line: plot('line'),
  bar: plot('bar'),
  area: plot('area'),
}));

const cardFields: Fields = {
  hero_image: optional(imageElement),
  icon: optional(imageElement),
  title: optional(mrkdwn(150)),
  subtitle: optional(mrkdwn(150)),
  body: optional(mrkdwn(200)),
  actions: optional(list(elementAt('actions'), 3, 1, 'buttons')),
};
const card = block('card', ['message'], cardFields, needs('some', 'hero_image', 'title', 'actions', 'body'));
const taskFields: Fields = {
  task_id: string(MAX.id),
  title: string(MAX.sectionText),
  details: optional(richText),
  output: optional(richText),
  sources: optional(list(object({ type: oneOf('url'), url, text: string(MAX.sectionText) }), 100)),
  status: oneOf('pending', 'in_progress', 'complete', 'error'),
};
const task = block('task_card', ['message'], taskFields);

/** Every block that Slack knows: on which surfaces, and what it may hold. */
export const BLOCKS: Readonly<Record<string, Block>> = {
  section: block(
    'section',
    everywhere,
    {
      text: optional(anyText(MAX.sectionText)),
      fields: optional(list(anyText(MAX.sectionField), MAX.sectionFields, 1, 'fields')),
      accessory: optional(elementAt('section')),
      expand: optional(boolean),
    },
    needs('some', 'text', 'fields'),
  ),
  header: block('header', everywhere, { text: plainText(MAX.header), level: optional(integer(1, 4)) }),
  divider: block('divider', everywhere, {}),
  context: block('context', everywhere, {
    elements: list(elementAt('context'), MAX.contextElements, 1, 'elements'),
  }),
  actions: block('actions', everywhere, {
    elements: list(elementAt('actions'), MAX.actionsElements, 1, 'elements'),
  }),
  context_actions: block('context_actions', ['message'], {
    elements: list(elementAt('context_actions'), MAX.contextActionsElements, 1, 'elements'),
  }),
  input: block('input', everywhere, {
    label: plainText(MAX.inputLabel),
    element: elementAt('input'),
    hint: optional(plainText(MAX.inputHint)),
    optional: optional(boolean),
    dispatch_action: optional(boolean),
  }),
  image: block(
    'image',
    everywhere,
    { ...imageFields, title: optional(plainText(MAX.imageTitle)) },
    needs('one', 'image_url', 'slack_file'),
  ),
  rich_text: { surfaces: everywhere, rule: richText },
  markdown: block('markdown', ['message'], { text: string(MAX.markdown) }),
  table: block('table', ['message'], {
    rows,
    column_settings: optional(
      list(
        object({ align: optional(oneOf('left', 'center', 'right')), is_wrapped: optional(boolean) }),
        MAX.tableColumns,
        0,
        'columns',
      ),
    ),
  }),
  data_table: block('data_table', ['message'], {
    rows,
    caption: string(MAX.sectionText),
    page_size: optional(integer(1, 100)),
    row_header_column_index: optional(integer(0, MAX.tableColumns - 1)),
  }),
  data_visualization: block('data_visualization', ['message'], { title: string(MAX.chartTitle), chart }),
  alert: block('alert', everywhere, {
    text: anyText(MAX.sectionText),
    level: optional(oneOf('default', 'info', 'warning', 'error', 'success')),
  }),
  card,
  carousel: block('carousel', ['message'], { elements: list(card.rule, 10, 1, 'cards') }),
  container: block(
    'container',
    everywhere,
    {
      title: optional(plainText(150)),
      rich_text_title: optional(richText),
      subtitle: optional(anyText(150)),
      child_blocks: list(
        typed('a block', () => childBlocks()),
        10,
        1,
        'blocks',
      ),
      width: optional(oneOf('narrow', 'standard', 'wide', 'full')),
      icon: optional(imageElement),
      is_collapsible: optional(boolean),
      default_collapsed: optional(boolean),
      has_header_divider: optional(boolean),
    },
    needs('some', 'title', 'rich_text_title'),
  ),
  task_card: task,
  plan: block('plan', ['message'], {
    title: string(MAX.sectionText),
    tasks: optional(list(task.rule, 100, 0, 'tasks')),
  }),
  video: block('video', everywhere, {
    video_url: url,
    thumbnail_url: url,
    alt_text: string(MAX.imageAlt),
    title: plainText(200),
    title_url: optional(url),
    author_name: optional(string(50)),
    provider_name: optional(string(MAX.id)),
    provider_icon_url: optional(url),
    description: optional(plainText(200)),
  }),
  // Remote files come back in what one reads; an app cannot post one.
  file: block('file', [], { source: anything, external_id: anything }),
};

const IN_CONTAINERS = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

function childBlocks(): Readonly<Record<string, Rule>> {
  return Object.fromEntries(
    Object.entries(BLOCKS).flatMap(([type, { rule }]) => (IN_CONTAINERS.includes(type) ? [[type, rule]] : [])),
  );
}

/** Each series has one point for each category, under the same names. */
const seriesFitAxis: Rule = (value, path, found) => {
  if (!isObject(value) || !isObject(value['axis_config']) || !Array.isArray(value['series'])) return;
  const categories = JSON.stringify(value['axis_config']['categories']);
  const names = new Set<unknown>();
  (value['series'] as unknown[]).forEach((one, index) => {
    if (!isObject(one) || !Array.isArray(one['data'])) return;
    const at = under(path, `series[${index}]`);
    if (names.has(one['name'])) found.push({ path: `${at}.name`, message: `duplicate series: ${String(one['name'])}` });
    names.add(one['name']);
    const labels = (one['data'] as unknown[]).map((point) => (isObject(point) ? point['label'] : undefined));
    if (JSON.stringify(labels) !== categories)
      found.push({ path: `${at}.data`, message: 'labels must be the categories of axis_config, in their order' });
  });
};

/** The rule for one block on a surface. */
export function blockOn(surface: Surface): Rule {
  const here = Object.entries(BLOCKS).filter(([, { surfaces }]) => surfaces.includes(surface));
  const rules = Object.fromEntries(here.map(([type, { rule }]) => [type, rule]));
  return typed(
    'a block',
    () => rules,
    () => Object.keys(BLOCKS),
  );
}
