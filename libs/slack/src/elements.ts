import {
  anyText,
  confirm,
  differentValues,
  imageElement,
  initialAmongOptions,
  option,
  optionGroup,
  plainText,
  url,
} from './composition.js';
import { SLACK_LIMITS as MAX } from './limits.js';
import { richText } from './rich-text.js';
import {
  all,
  boolean,
  integer,
  list,
  matching,
  needs,
  object,
  oneOf,
  optional,
  string,
  type Fields,
  type Rule,
} from './rules.js';

/** Where in a block an element stands. */
export type Place = 'section' | 'actions' | 'input' | 'context' | 'context_actions';

interface Element {
  readonly places: readonly Place[];
  readonly rule: Rule;
}

const anywhere: readonly Place[] = ['section', 'actions', 'input'];
const id = optional(string(MAX.id));
const placeholder = optional(plainText(MAX.placeholder));
const focus_on_load = optional(boolean);
const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date as YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:mm');
const numeral = matching(/^-?\d+(\.\d+)?$/, 'a number in a string');
const dispatch_action_config = optional(
  object({ trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2) }),
);
const max_selected_items = optional(integer(1, 1_000_000));
const filter = optional(
  all(
    object({
      include: optional(list(oneOf('im', 'mpim', 'private', 'public'), 4)),
      exclude_external_shared_channels: optional(boolean),
      exclude_bot_users: optional(boolean),
    }),
    needs('some', 'include', 'exclude_external_shared_channels', 'exclude_bot_users'),
  ),
);

function element(type: string, places: readonly Place[], fields: Fields, ...also: readonly Rule[]): Element {
  return { places, rule: all(object({ type: oneOf(type), action_id: id, ...fields }), ...also) };
}

function menu(type: string, fields: Fields, ...also: readonly Rule[]): Element {
  return element(type, anywhere, { placeholder, focus_on_load, confirm: optional(confirm), ...fields }, ...also);
}

const menuOptions: Fields = {
  options: optional(all(list(option('menu'), MAX.selectOptions, 1, 'options'), differentValues)),
  option_groups: optional(list(optionGroup, MAX.optionGroups, 1, 'option groups')),
};
const ids = optional(list(string(MAX.id), 1_000, 0));
const picked = optional(list(option('menu'), MAX.selectOptions, 1, 'options'));
const feedback = object({
  text: plainText(MAX.buttonText),
  value: string(MAX.buttonValue),
  accessibility_label: optional(string(MAX.accessibilityLabel)),
});

function typedInput(type: string, initial: Rule, fields: Fields = {}): Element {
  const common = { placeholder, focus_on_load, dispatch_action_config, initial_value: optional(initial) };
  return element(type, ['input'], { ...common, ...fields });
}

function choice(type: string, fields: Fields, initial: 'initial_option' | 'initial_options'): Element {
  const options = all(list(option('choice'), MAX.choices, 1, 'options'), differentValues);
  const common = { options, focus_on_load, confirm: optional(confirm) };
  return element(type, anywhere, { ...common, ...fields }, initialAmongOptions(initial));
}

/** Every element that Slack knows: where it may stand, and what it may hold. */
export const ELEMENTS: Readonly<Record<string, Element>> = {
  button: element('button', ['section', 'actions'], {
    text: plainText(MAX.buttonText),
    value: optional(string(MAX.buttonValue)),
    url: optional(url),
    style: optional(oneOf('primary', 'danger')),
    confirm: optional(confirm),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
  }),
  workflow_button: element('workflow_button', ['section', 'actions'], {
    text: plainText(MAX.buttonText),
    workflow: object({
      trigger: object({
        url,
        customizable_input_parameters: optional(
          list(object({ name: string(MAX.id), value: string(MAX.buttonValue, 0) }), 100),
        ),
      }),
    }),
    style: optional(oneOf('primary', 'danger')),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
  }),
  overflow: element('overflow', ['section', 'actions'], {
    options: all(list(option('overflow'), MAX.overflowOptions, 1, 'options'), differentValues),
    confirm: optional(confirm),
  }),
  checkboxes: choice(
    'checkboxes',
    { initial_options: optional(list(option('choice'), MAX.choices, 1)) },
    'initial_options',
  ),
  radio_buttons: choice('radio_buttons', { initial_option: optional(option('choice')) }, 'initial_option'),
  datepicker: menu('datepicker', { initial_date: optional(date) }),
  timepicker: menu('timepicker', { initial_time: optional(time), timezone: optional(string(MAX.id)) }),
  datetimepicker: element('datetimepicker', ['actions', 'input'], {
    initial_date_time: optional(integer(1_000_000_000, 9_999_999_999)),
    focus_on_load,
    confirm: optional(confirm),
  }),
  static_select: menu(
    'static_select',
    { ...menuOptions, initial_option: optional(option('menu')) },
    needs('one', 'options', 'option_groups'),
    initialAmongOptions('initial_option'),
  ),
  multi_static_select: menu(
    'multi_static_select',
    { ...menuOptions, initial_options: picked, max_selected_items },
    needs('one', 'options', 'option_groups'),
    initialAmongOptions('initial_options'),
  ),
  external_select: menu('external_select', {
    initial_option: optional(option('menu')),
    min_query_length: optional(integer(0, 1_000)),
  }),
  multi_external_select: menu('multi_external_select', {
    initial_options: picked,
    min_query_length: optional(integer(0, 1_000)),
    max_selected_items,
  }),
  users_select: menu('users_select', { initial_user: id }),
  multi_users_select: menu('multi_users_select', { initial_users: ids, max_selected_items }),
  channels_select: menu('channels_select', { initial_channel: id, response_url_enabled: optional(boolean) }),
  multi_channels_select: menu('multi_channels_select', { initial_channels: ids, max_selected_items }),
  conversations_select: menu('conversations_select', {
    initial_conversation: id,
    default_to_current_conversation: optional(boolean),
    response_url_enabled: optional(boolean),
    filter,
  }),
  multi_conversations_select: menu('multi_conversations_select', {
    initial_conversations: ids,
    default_to_current_conversation: optional(boolean),
    max_selected_items,
    filter,
  }),
  plain_text_input: typedInput('plain_text_input', string(MAX.inputText, 0), {
    multiline: optional(boolean),
    min_length: optional(integer(0, MAX.inputText)),
    max_length: optional(integer(1, MAX.inputText)),
  }),
  email_text_input: typedInput('email_text_input', string(MAX.inputText, 0)),
  url_text_input: typedInput('url_text_input', string(MAX.inputText, 0)),
  number_input: typedInput('number_input', numeral, {
    is_decimal_allowed: boolean,
    min_value: optional(numeral),
    max_value: optional(numeral),
  }),
  rich_text_input: typedInput('rich_text_input', richText, {
    min_lines: optional(integer(1, 100)),
    max_lines: optional(integer(1, 100)),
  }),
  file_input: element('file_input', ['input'], {
    filetypes: optional(list(string(MAX.id), 100)),
    max_files: optional(integer(1, MAX.files)),
  }),
  feedback_buttons: element('feedback_buttons', ['context_actions'], {
    positive_button: feedback,
    negative_button: feedback,
  }),
  icon_button: element('icon_button', ['context_actions'], {
    icon: string(MAX.id),
    text: plainText(MAX.buttonText),
    value: optional(string(MAX.buttonValue)),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
    visible_to_user_ids: ids,
    confirm: optional(confirm),
  }),
  image: { places: ['section', 'context'], rule: imageElement },
  plain_text: { places: ['context'], rule: anyText(MAX.contextText) },
  mrkdwn: { places: ['context'], rule: anyText(MAX.contextText) },
};

/** The rules of those elements that may stand at a place. */
export function elementsAt(place: Place): Readonly<Record<string, Rule>> {
  const here = Object.entries(ELEMENTS).filter(([, { places }]) => places.includes(place));
  return Object.fromEntries(here.map(([type, { rule }]) => [type, rule]));
}
