import { elementsOf, isObject, objects, type Placed } from './block-ids.js';
import type { Json, StateValues } from './model.js';
import { BadRequest } from './slack-error.js';

// What an element holds: at first, after a person chose, and how Slack reports it in `state.values` and in `actions`.

/** Per type: the key that state carries, the element's initial value, and what stands for "nothing". */
const KINDS: Readonly<Record<string, { key: string; initial: string; none: unknown }>> = {
  plain_text_input: { key: 'value', initial: 'initial_value', none: null },
  email_text_input: { key: 'value', initial: 'initial_value', none: null },
  url_text_input: { key: 'value', initial: 'initial_value', none: null },
  number_input: { key: 'value', initial: 'initial_value', none: null },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', none: null },
  static_select: { key: 'selected_option', initial: 'initial_option', none: null },
  external_select: { key: 'selected_option', initial: 'initial_option', none: null },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', none: null },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', none: [] },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', none: [] },
  checkboxes: { key: 'selected_options', initial: 'initial_options', none: [] },
  users_select: { key: 'selected_user', initial: 'initial_user', none: null },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', none: [] },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', none: null },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', none: [] },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', none: null },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', none: [] },
  datepicker: { key: 'selected_date', initial: 'initial_date', none: null },
  timepicker: { key: 'selected_time', initial: 'initial_time', none: null },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', none: null },
  file_input: { key: 'files', initial: 'initial_files', none: [] },
};

export interface Directory {
  userId(reference: string): string;
  channelId(reference: string): string;
}

/** State of all stateful elements, keeping from `before` what has the same block, action and type. */
export function stateValues(blocks: readonly Json[], before: StateValues = {}): StateValues {
  const values: StateValues = {};
  for (const { block, element } of elementsOf(blocks)) {
    const kind = KINDS[String(element['type'])];
    if (!kind) continue;
    const [blockId, actionId] = [String(block['block_id']), String(element['action_id'])];
    const kept = before[blockId]?.[actionId];
    const fresh = { type: element['type'], [kind.key]: element[kind.initial] ?? kind.none };
    (values[blockId] ??= {})[actionId] = kept && kept['type'] === element['type'] ? kept : fresh;
  }
  return values;
}

/** What a person did with an element, as `actions[0]` and state say it. `given` is loose: an option's value or label, a name. */
export function choose(element: Json, given: unknown, directory: Directory): Json {
  const type = String(element['type']);
  if (type === 'button' || type === 'workflow_button' || type === 'icon_button') {
    return {
      text: element['text'],
      ...(element['value'] === undefined ? {} : { value: element['value'] }),
      ...(type === 'icon_button' ? { icon: element['icon'] } : {}),
    };
  }
  if (type === 'overflow') return { selected_option: optionOf(element, given) };
  if (type === 'feedback_buttons') {
    const buttons = [element['positive_button'], element['negative_button']].filter(isObject);
    const button = buttons.find((one) => one['value'] === given);
    if (!button) throw new BadRequest(`value: must be one of ${buttons.map((one) => String(one['value'])).join(', ')}`);
    return { text: button['text'], value: button['value'] };
  }
  const kind = KINDS[type];
  if (!kind) throw new BadRequest(`actionId: nothing can be done with an element of type ${type}`);
  const empty = given === undefined || given === null || given === '';
  if (Array.isArray(kind.none)) {
    const list = empty ? [] : Array.isArray(given) ? (given as unknown[]) : [given];
    const max = element['max_selected_items'];
    if (typeof max === 'number' && list.length > max) throw new BadRequest(`value: at most ${max} may be chosen`);
    return { [kind.key]: list.map((one) => single(element, type.replace(/^multi_/, ''), one, directory)) };
  }
  return { [kind.key]: empty ? null : single(element, type, given, directory) };
}

/** Whether changing it is remembered (a button's press is not). */
export function isStateful(element: Json): boolean {
  return Object.hasOwn(KINDS, String(element['type']));
}

function single(element: Json, type: string, given: unknown, directory: Directory): unknown {
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
    case 'checkboxes':
      return optionOf(element, given);
    case 'external_select':
      if (isObject(given) && typeof given['value'] === 'string') return given;
      throw new BadRequest('value: an external menu needs one of its suggestions, as { text, value }');
    case 'users_select':
      return directory.userId(String(given));
    case 'channels_select':
    case 'conversations_select':
      return directory.channelId(String(given));
    case 'datepicker':
      return must(given, /^\d{4}-\d{2}-\d{2}$/, 'a date as YYYY-MM-DD');
    case 'timepicker':
      return must(given, /^\d{2}:\d{2}$/, 'a time as HH:mm');
    case 'datetimepicker': {
      const seconds = Number(given);
      if (!Number.isInteger(seconds)) throw new BadRequest('value: must be a time in seconds since 1970');
      return seconds;
    }
    case 'rich_text_input':
      return isObject(given) ? given : richText(String(given));
    case 'file_input':
      throw new BadRequest('value: files cannot be attached in the playground’s modals');
    default:
      if (typeof given !== 'string' && typeof given !== 'number') throw new BadRequest('value: must be text');
      return String(given);
  }
}

function must(given: unknown, pattern: RegExp, what: string): string {
  if (typeof given === 'string' && pattern.test(given)) return given;
  throw new BadRequest(`value: must be ${what}`);
}

export function optionsOf(element: Json): Json[] {
  return [
    ...objects(element['options']),
    ...objects(element['option_groups']).flatMap((group) => objects(group['options'])),
  ];
}

/** The option with this value, or else with this label. */
function optionOf(element: Json, given: unknown): Json {
  const wanted = isObject(given) ? given['value'] : given;
  const options = optionsOf(element);
  const labelOf = (option: Json): unknown => (isObject(option['text']) ? option['text']['text'] : undefined);
  const found = options.find((one) => one['value'] === wanted) ?? options.find((one) => labelOf(one) === wanted);
  if (found) return found;
  const choices = options.map((one) => `${String(one['value'])} (${String(labelOf(one))})`).join(', ');
  throw new BadRequest(
    `value: ${JSON.stringify(given)} is not an option of ${String(element['action_id'])}; there are ${choices}`,
  );
}

export function richText(text: string): Json {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

/** What Slack's client itself refuses before it submits: words for the field, or nothing. */
export function fieldProblem({ block, element }: Placed, state: Json | undefined): string | undefined {
  const kind = KINDS[String(element['type'])];
  if (block['type'] !== 'input' || !kind) return undefined;
  const value = state?.[kind.key];
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return block['optional'] === true ? undefined : 'Please complete this required field.';
  if (typeof value !== 'string') return undefined;
  const length = Array.from(value).length;
  const { type, min_length: min, max_length: max, min_value: least, max_value: most } = element;
  if (typeof min === 'number' && length < min) return `Must be at least ${min} characters.`;
  if (length > (typeof max === 'number' ? max : 3_000))
    return `Must be no longer than ${typeof max === 'number' ? max : 3_000} characters.`;
  if (type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))
    return 'Please enter a valid email address.';
  if (type === 'url_text_input' && !URL.canParse(value)) return 'Please enter a valid URL.';
  if (type === 'number_input') {
    if (!/^-?\d+(\.\d+)?$/.test(value) || (element['is_decimal_allowed'] !== true && value.includes('.')))
      return 'Please enter a valid number.';
    if (least !== undefined && Number(value) < Number(least)) return `Must be at least ${Number(least)}.`;
    if (most !== undefined && Number(value) > Number(most)) return `Must be at most ${Number(most)}.`;
  }
  return undefined;
}
