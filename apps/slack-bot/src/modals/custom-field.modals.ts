import type { CustomFieldView } from '#shared/contracts/custom-fields.js';
import { SLACK_LIMITS as MAX } from '#slack/limits.js';
import { type Block, option, plain } from '../slack/blocks.view.js';
import type { SubmissionBody } from '../slack/incoming.js';

/** Before a field's key in the id of its block: no field of the desk is taken for one of a verb's. */
const FIELD = 'field:';
export const blockOfField = (key: string): string => `${FIELD}${key}`;

/** Of Slack's 100 blocks and 250,000 bytes the verb's own fields need the rest. What does not fit, the core misses by name. */
const MAX_INPUTS = 90;
const MAX_BYTES = 200_000;

type Field = Pick<CustomFieldView, 'key' | 'label' | 'type' | 'options'>;

/** An input for each of the desk's own fields, all of which must be filled in. */
export function customFieldInputs(fields: readonly Field[]): Block[] {
  let bytes = 0;
  return fields
    .slice(0, MAX_INPUTS)
    .map((field) => ({
      type: 'input',
      block_id: blockOfField(field.key),
      label: plain(field.label, MAX.inputLabel),
      element: { action_id: 'value', ...elementOf(field) },
    }))
    .filter((block) => (bytes += Buffer.byteLength(JSON.stringify(block))) <= MAX_BYTES);
}

function elementOf({ type, options }: Field): Block {
  switch (type) {
    case 'text':
      return { type: 'plain_text_input', max_length: 2_000 };
    case 'number':
      return { type: 'number_input', is_decimal_allowed: true };
    // A box that must be ticked could not say no.
    case 'boolean':
      return { type: 'radio_buttons', options: [option('Yes', 'true'), option('No', 'false')] };
    case 'date':
      return { type: 'datepicker' };
    case 'select':
      return { type: 'static_select', ...menuOf(options) };
    case 'multi_select':
      return { type: 'multi_static_select', ...menuOf(options) };
    case 'url':
      return { type: 'url_text_input', placeholder: plain('https://example.org', MAX.placeholder) };
  }
}

/** More options than a menu holds stand in groups, each named by where it begins and ends. */
function menuOf(names: readonly string[]): Block {
  const all = names.map((name) => option(name, name));
  if (all.length <= MAX.selectOptions) return { options: all };
  const groups = [];
  for (let at = 0; at < all.length; at += MAX.selectOptions) {
    const options = all.slice(at, at + MAX.selectOptions);
    groups.push({ label: plain(`${at + 1} to ${at + options.length}`, MAX.optionGroupLabel), options });
  }
  return { option_groups: groups };
}

/** What was filled in, by the fields' keys, as the core takes it. */
export function submittedFields({ view }: SubmissionBody): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [blockId, elements] of Object.entries(view.state.values)) {
    const [state] = Object.values(elements);
    if (!blockId.startsWith(FIELD) || !state) continue;
    const value = valueOf(state);
    if (value !== null) fields[blockId.slice(FIELD.length)] = value;
  }
  return fields;
}

type State = SubmissionBody['view']['state']['values'][string][string];

function valueOf(state: State): unknown {
  const { value = null, selected_option: chosen, selected_options: several, selected_date: day } = state;
  switch (state.type) {
    case 'number_input':
      return value === null || value === '' ? null : Number(value);
    case 'radio_buttons':
      return chosen ? chosen.value === 'true' : null;
    case 'multi_static_select':
      return several?.map((one) => one.value) ?? null;
    default:
      return value ?? chosen?.value ?? day ?? null;
  }
}
