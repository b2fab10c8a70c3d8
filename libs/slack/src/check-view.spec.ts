import { describe, expect, it } from '@jest/globals';
import { checkView } from './check-view.js';
import { describeProblem } from './problem.js';

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (over: object = {}, element: object = {}) => ({
  type: 'input',
  block_id: 'subject',
  label: plain('Subject'),
  element: { type: 'plain_text_input', action_id: 'value', ...element },
  ...over,
});
const modal = (over: object = {}) => ({
  type: 'modal',
  title: plain('New ticket'),
  submit: plain('Create'),
  blocks: [input()],
  ...over,
});
const check = (view: unknown): string[] => checkView(view).map(describeProblem);

describe('views', () => {
  it('takes a modal and a home', () => {
    expect(
      check(modal({ close: plain('Cancel'), callback_id: 'new', private_metadata: '{}', notify_on_close: true })),
    ).toEqual([]);
    expect(check({ type: 'home', blocks: [{ type: 'divider' }] })).toEqual([]);
    expect(check(modal({ blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) }))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['long title', modal({ title: plain('x'.repeat(25)) }), 'title.text: 25 of 24 characters'],
    ['long submit', modal({ submit: plain('x'.repeat(25)) }), 'submit.text: 25 of 24 characters'],
    ['long close', modal({ close: plain('x'.repeat(25)) }), 'close.text: 25 of 24 characters'],
    ['no title', { type: 'modal', blocks: [] }, 'missing required field: title'],
    ['no blocks', { type: 'home' }, 'missing required field: blocks'],
    ['no submit with inputs', modal({ submit: undefined }), 'submit: needed when there are input blocks'],
    ['long metadata', modal({ private_metadata: 'x'.repeat(3001) }), 'private_metadata: 3001 of 3000 characters'],
    [
      '101 blocks',
      modal({ blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }),
      'blocks: 101 of 100 blocks',
    ],
    [
      'long label',
      modal({ blocks: [input({ label: plain('x'.repeat(2001)) })] }),
      'blocks[0].label.text: 2001 of 2000 characters',
    ],
    [
      'long initial value',
      modal({ blocks: [input({}, { initial_value: 'x'.repeat(3001) })] }),
      'blocks[0].element.initial_value: 3001 of 3000 characters',
    ],
    [
      'too much max_length',
      modal({ blocks: [input({}, { max_length: 3001 })] }),
      'blocks[0].element.max_length: must be a whole number from 1 to 3000, is 3001',
    ],
    [
      '11 radio buttons',
      modal({
        blocks: [
          input(
            {},
            {
              type: 'radio_buttons',
              options: Array.from({ length: 11 }, (_, i) => ({ text: plain('o'), value: String(i) })),
            },
          ),
        ],
      }),
      'blocks[0].element.options: 11 of 10 options',
    ],
    [
      'a button as input',
      modal({ blocks: [input({}, { type: 'button', text: plain('b') })] }),
      'blocks[0].element: button is not allowed here',
    ],
    [
      'two focused',
      modal({ blocks: [input({}, { focus_on_load: true }), input({ block_id: 'b' }, { focus_on_load: true })] }),
      'blocks[1].element.focus_on_load: only one element may have the focus',
    ],
    ['a table', modal({ blocks: [{ type: 'table', rows: [] }] }), 'blocks[0]: table is not allowed here'],
    ['submit on a home', { type: 'home', blocks: [], submit: plain('x') }, 'invalid additional property: submit'],
    ['unknown view', { type: 'sheet', blocks: [] }, 'unsupported type: sheet'],
    [
      'a long placeholder',
      modal({ blocks: [input({}, { placeholder: plain('x'.repeat(151)) })] }),
      'blocks[0].element.placeholder.text: 151 of 150 characters',
    ],
    [
      'the same block_id twice',
      modal({ blocks: [input(), input()] }),
      'blocks[1].block_id: duplicate block_id subject, also of blocks[0]',
    ],
  ])('refuses: %s', (_, view, problem) => {
    expect(check(view)).toContain(problem);
  });
});
