import { describe, expect, it } from '@jest/globals';
import { checkMessage } from './check-message.js';
import { codePoints, cutTo, SLACK_LIMITS as MAX } from './limits.js';
import { describeProblem, jsonPointer } from './problem.js';

const plain = (text: string) => ({ type: 'plain_text', text });
const button = (over: object = {}) => ({ type: 'button', text: plain('Take'), action_id: 'take', ...over });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const section = (over: object = {}) => ({ type: 'section', text: { type: 'mrkdwn', text: 'Hello' }, ...over });
const option = (value: string, text = value) => ({ text: plain(text), value });
const check = (...blocks: unknown[]): string[] => checkMessage({ text: 'x', blocks }).map(describeProblem);

describe('a message that Slack takes', () => {
  it.each([
    ['text alone', { text: 'hello' }],
    ['blocks alone', { blocks: [section()] }],
    ['an empty list of blocks beside text', { text: 'x', blocks: [] }],
    ['the same action_id in two blocks', { blocks: [actions(button()), actions(button())] }],
    ['metadata', { text: 'x', metadata: { event_type: 'ticket', event_payload: { id: '1' } } }],
    ['delete_original alone', { delete_original: true }],
  ])('%s', (_, payload) => {
    expect(checkMessage(payload)).toEqual([]);
  });

  it('a whole card', () => {
    const card = [
      { type: 'header', text: plain('x'.repeat(MAX.header)) },
      section({
        fields: Array.from({ length: 10 }, () => ({ type: 'mrkdwn', text: 'f' })),
        accessory: { type: 'overflow', action_id: 'more', options: ['1', '2', '3', '4', '5'].map((v) => option(v)) },
      }),
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: '<!date^1^{ago}|soon>' },
          { type: 'image', image_url: 'https://x.test/a.png', alt_text: '' },
        ],
      },
      { type: 'divider' },
      actions(
        button({
          style: 'primary',
          confirm: { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') },
        }),
        {
          type: 'static_select',
          action_id: 'p',
          placeholder: plain('Priority'),
          options: [option('low'), option('high')],
          initial_option: option('high'),
        },
        { type: 'datepicker', action_id: 'd', initial_date: '2026-11-21' },
        { type: 'users_select', action_id: 'u' },
      ),
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] }],
      },
      { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
      {
        type: 'data_visualization',
        title: 'Week',
        chart: {
          type: 'bar',
          series: [{ name: 'new', data: [{ label: 'Mon', value: 3 }] }],
          axis_config: { categories: ['Mon'] },
        },
      },
      { type: 'markdown', text: '# hi' },
    ];
    expect(checkMessage({ text: 'card', blocks: card })).toEqual([]);
  });
});

describe('a message that Slack refuses', () => {
  it.each<[string, object, string]>([
    [
      'a long button',
      actions(button({ text: plain('x'.repeat(81)) })),
      'blocks[0].elements[0].text.text: 81 of 75 characters',
    ],
    [
      'a long value',
      actions(button({ value: 'x'.repeat(2001) })),
      'blocks[0].elements[0].value: 2001 of 2000 characters',
    ],
    ['a long header', { type: 'header', text: plain('x'.repeat(151)) }, 'blocks[0].text.text: 151 of 150 characters'],
    [
      'a mrkdwn header',
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      'blocks[0].text.type: must be one of plain_text, is "mrkdwn"',
    ],
    ['a long section', section({ text: plain('x'.repeat(3001)) }), 'blocks[0].text.text: 3001 of 3000 characters'],
    ['an empty section text', section({ text: plain('') }), 'blocks[0].text.text: must not be empty'],
    ['a section without text', { type: 'section' }, 'blocks[0]: missing required field: text or fields'],
    [
      '11 fields',
      section({ fields: Array.from({ length: 11 }, () => plain('f')) }),
      'blocks[0].fields: 11 of 10 fields',
    ],
    [
      'a long field',
      section({ fields: [plain('x'.repeat(2001))] }),
      'blocks[0].fields[0].text: 2001 of 2000 characters',
    ],
    [
      '26 buttons',
      actions(...Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` }))),
      'blocks[0].elements: 26 of 25 elements',
    ],
    ['no button', actions(), 'blocks[0].elements: must have at least 1 of elements'],
    [
      '11 in a context',
      { type: 'context', elements: Array.from({ length: 11 }, () => plain('c')) },
      'blocks[0].elements: 11 of 10 elements',
    ],
    [
      '6 in an overflow',
      section({ accessory: { type: 'overflow', options: ['1', '2', '3', '4', '5', '6'].map((v) => option(v)) } }),
      'blocks[0].accessory.options: 6 of 5 options',
    ],
    [
      'two equal values',
      section({ accessory: { type: 'overflow', options: [option('1'), option('1', 'one')] } }),
      'blocks[0].accessory.options[1].value: duplicate value: 1',
    ],
    [
      'a long option',
      section({ accessory: { type: 'static_select', options: [option('v', 'x'.repeat(76))] } }),
      'blocks[0].accessory.options[0].text.text: 76 of 75 characters',
    ],
    [
      '101 options',
      section({
        accessory: { type: 'static_select', options: Array.from({ length: 101 }, (_, i) => option(String(i))) },
      }),
      'blocks[0].accessory.options: 101 of 100 options',
    ],
    [
      'options and groups',
      section({
        accessory: {
          type: 'static_select',
          options: [option('1')],
          option_groups: [{ label: plain('g'), options: [option('2')] }],
        },
      }),
      'blocks[0].accessory: only one of options, option_groups may be given',
    ],
    [
      'an initial option that is none',
      section({ accessory: { type: 'static_select', options: [option('1')], initial_option: option('2') } }),
      'blocks[0].accessory.initial_option: must be one of the options, exactly',
    ],
    [
      'a long confirm',
      actions(button({ confirm: { text: plain('x'.repeat(301)) } })),
      'blocks[0].elements[0].confirm.text.text: 301 of 300 characters',
    ],
    ['an unknown block', { type: 'fancy' }, 'blocks[0]: unsupported type: fancy'],
    ['an unknown element', actions({ type: 'knob' }), 'blocks[0].elements[0]: unsupported type: knob'],
    [
      'a text input among actions',
      actions({ type: 'plain_text_input' }),
      'blocks[0].elements[0]: plain_text_input is not allowed here',
    ],
    [
      'a button in a context',
      { type: 'context', elements: [button()] },
      'blocks[0].elements[0]: button is not allowed here',
    ],
    ['an unknown field', section({ colour: 'red' }), 'blocks[0]: invalid additional property: colour'],
    [
      'a bad style',
      actions(button({ style: 'red' })),
      'blocks[0].elements[0].style: must be one of primary, danger, is "red"',
    ],
    ['a relative url', actions(button({ url: '/tickets/1' })), 'blocks[0].elements[0].url: must be an absolute URL'],
    [
      'a bad date',
      actions({ type: 'datepicker', initial_date: '21.11.2026' }),
      'blocks[0].elements[0].initial_date: must be a date as YYYY-MM-DD',
    ],
    ['a long block_id', section({ block_id: 'x'.repeat(256) }), 'blocks[0].block_id: 256 of 255 characters'],
    [
      'the same action_id twice in a block',
      actions(button(), button()),
      'blocks[0].elements[1].action_id: duplicate action_id take, also of blocks[0].elements[0]',
    ],
    ['a remote file', { type: 'file', source: 'remote', external_id: 'x' }, 'blocks[0]: file is not allowed here'],
    [
      'a series beside its axis',
      {
        type: 'data_visualization',
        title: 't',
        chart: {
          type: 'line',
          series: [{ name: 's', data: [{ label: 'Tue', value: 1 }] }],
          axis_config: { categories: ['Mon'] },
        },
      },
      'blocks[0].chart.series[0].data: labels must be the categories of axis_config, in their order',
    ],
  ])('%s', (_, block, problem) => {
    expect(check(block)).toContain(problem);
  });

  it('51 blocks', () => {
    expect(check(...Array.from({ length: 51 }, () => section()))).toEqual(['blocks: 51 of 50 blocks']);
  });
  it('the same block_id twice', () => {
    expect(check(section({ block_id: 'b' }), section({ block_id: 'b' }))).toEqual([
      'blocks[1].block_id: duplicate block_id b, also of blocks[0]',
    ]);
  });
  it('two tables, three charts', () => {
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
    expect(check(table, table)).toEqual(['blocks[1]: 2 of 1 table in a message']);
  });
  it('blocks that are too much together', () => {
    const long = section({ text: plain('x'.repeat(3000)) });
    expect(check(long, long, long, long, long)).toEqual(['blocks: 15000 of 13000 characters in all blocks together']);
  });
  it('blocks that are no list', () => {
    expect(checkMessage({ text: 'x', blocks: '[]' }).map(describeProblem)).toEqual(['blocks: must be a list, is "[]"']);
  });
  it.each([
    [{}, 'text: a message needs text, blocks or attachments'],
    [{ text: '' }, 'text: a message needs text, blocks or attachments'],
    [{ text: 'x'.repeat(4001) }, 'text: 4001 of 4000 characters'],
    [{ text: 'x', metadata: { event_type: 'e' } }, 'metadata: missing required field: event_payload'],
    [{ text: 'x', attachments: [{ blocks: [{ type: 'nope' }] }] }, 'attachments[0].blocks[0]: unsupported type: nope'],
    ['text', 'a message must be an object'],
  ])('%j', (payload, problem) => {
    expect(checkMessage(payload).map(describeProblem)).toContain(problem);
  });
});

describe('counting', () => {
  it('is in code points, as Slack counts', () => {
    expect(codePoints('👩‍🚒')).toBe(3);
    expect(check(actions(button({ text: plain('🎫'.repeat(75)) })))).toEqual([]);
    expect(check(actions(button({ text: plain('🎫'.repeat(76)) })))).toHaveLength(1);
  });
  it('cuts without splitting a character', () => {
    expect(cutTo('🎫🎫🎫', 2)).toBe('🎫…');
    expect(cutTo('abc', 3)).toBe('abc');
    expect(codePoints(cutTo('x'.repeat(200), 75))).toBe(75);
  });
  it('writes places as Slack does', () => {
    expect(jsonPointer('blocks[2].elements[0].text.text')).toBe('/blocks/2/elements/0/text/text');
    expect(jsonPointer('')).toBe('');
  });
});
