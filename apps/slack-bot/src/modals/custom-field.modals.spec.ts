import { describe, expect, it } from '@jest/globals';
import type { CustomFieldView } from '#shared/contracts/custom-fields.js';
import { submissionBody } from '../slack/incoming.js';
import { customFieldInputs, submittedFields } from './custom-field.modals.js';

type Field = Pick<CustomFieldView, 'key' | 'label' | 'type' | 'options'>;
const field = (type: Field['type'], options: string[] = []): Field => ({
  key: type,
  label: `A ${type}`,
  type,
  options,
});
const elementOf = (block: object | undefined) => (block as { element: Record<string, unknown> }).element;

describe('the desk’s own fields in a form', () => {
  it('are each asked by what Slack has for their type', () => {
    const types = ['text', 'number', 'boolean', 'date', 'select', 'multi_select', 'url'] as const;
    const inputs = customFieldInputs(types.map((type) => field(type, ['a', 'b'])));
    expect(inputs.map((input) => [input['block_id'], elementOf(input)['type']])).toEqual([
      ['field:text', 'plain_text_input'],
      ['field:number', 'number_input'],
      ['field:boolean', 'radio_buttons'],
      ['field:date', 'datepicker'],
      ['field:select', 'static_select'],
      ['field:multi_select', 'multi_static_select'],
      ['field:url', 'url_text_input'],
    ]);
    expect(inputs.every(({ optional }) => optional === undefined)).toBe(true);
  });

  it('offer every option, in groups when there are more than a menu holds', () => {
    const options = Array.from({ length: 200 }, (_, at) => `Option ${at}`);
    expect(elementOf(customFieldInputs([field('select', options.slice(0, 100))])[0])['options']).toHaveLength(100);
    const groups = elementOf(customFieldInputs([field('select', options)])[0])['option_groups'] as {
      label: { text: string };
      options: { value: string }[];
    }[];
    expect(groups.map(({ label }) => label.text)).toEqual(['1 to 100', '101 to 200']);
    expect(groups.flatMap((group) => group.options.map(({ value }) => value))).toEqual(options);
  });

  it('are read as values of their type', () => {
    const state = (type: string, held: object) => ({ value: { type, ...held } });
    const body = submissionBody.parse({
      user: { id: 'U1' },
      view: {
        id: 'V1',
        state: {
          values: {
            subject: state('plain_text_input', { value: 'No field of the desk' }),
            'field:floor': state('plain_text_input', { value: '3' }),
            'field:seats': state('number_input', { value: '2.5' }),
            'field:vip': state('radio_buttons', { selected_option: { value: 'false' } }),
            'field:due': state('datepicker', { selected_date: '2026-12-01' }),
            'field:plan': state('static_select', { selected_option: { value: 'Pro' } }),
            'field:parts': state('multi_static_select', { selected_options: [{ value: 'a' }, { value: 'b' }] }),
            'field:page': state('url_text_input', { value: 'https://example.org' }),
            'field:empty': state('plain_text_input', { value: null }),
            'field:nothing': state('number_input', { value: null }),
            'field:never': state('datepicker', { selected_date: null }),
          },
        },
      },
    });
    expect(submittedFields(body)).toEqual({
      floor: '3',
      seats: 2.5,
      vip: false,
      due: '2026-12-01',
      plan: 'Pro',
      parts: ['a', 'b'],
      page: 'https://example.org',
    });
  });
});
