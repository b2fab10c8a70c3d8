import { SLACK_LIMITS as MAX } from './limits.js';
import {
  all,
  boolean,
  isObject,
  list,
  matching,
  needs,
  object,
  oneOf,
  optional,
  string,
  typed,
  type Rule,
} from './rules.js';

// The small objects that blocks and elements are made of (docs.slack.dev/reference/block-kit/composition-objects).

export const plainText = (max: number, min = 1): Rule =>
  object({ type: oneOf('plain_text'), text: string(max, min), emoji: optional(boolean) });

export const mrkdwn = (max: number, min = 1): Rule =>
  object({ type: oneOf('mrkdwn'), text: string(max, min), verbatim: optional(boolean) });

export const anyText = (max: number, min = 1): Rule =>
  typed('a text object', () => ({ plain_text: plainText(max, min), mrkdwn: mrkdwn(max, min) }));

export const url = all(string(MAX.url), matching(/^[a-z][a-z0-9+.-]*:\S+$/i, 'an absolute URL'));

/** Options of radio buttons and checkboxes may be mrkdwn; those of menus may not, and only an overflow's have a `url`. */
export function option(kind: 'menu' | 'choice' | 'overflow'): Rule {
  return object({
    text: kind === 'choice' ? anyText(MAX.optionText) : plainText(MAX.optionText),
    value: string(MAX.optionValue),
    description: optional(kind === 'choice' ? anyText(MAX.optionDescription) : plainText(MAX.optionDescription)),
    ...(kind === 'overflow' ? { url: optional(url) } : {}),
  });
}

export const optionGroup: Rule = object({
  label: plainText(MAX.optionGroupLabel),
  options: list(option('menu'), MAX.selectOptions, 1, 'options'),
});

export const confirm: Rule = object({
  title: optional(plainText(MAX.confirmTitle)),
  text: anyText(MAX.confirmText),
  confirm: optional(plainText(MAX.confirmButton)),
  deny: optional(plainText(MAX.confirmButton)),
  style: optional(oneOf('primary', 'danger')),
});

const slackFile: Rule = all(object({ id: optional(string(MAX.id)), url: optional(url) }), needs('one', 'id', 'url'));

export const imageFields = {
  image_url: optional(url),
  slack_file: optional(slackFile),
  alt_text: string(MAX.imageAlt, 0),
};

export const imageElement: Rule = object(
  { type: oneOf('image'), ...imageFields },
  needs('one', 'image_url', 'slack_file'),
);

/** Values must differ within one menu: Slack tells choices apart by them. */
export const differentValues: Rule = (value, path, found) => {
  if (!Array.isArray(value)) return;
  const seen = new Set<unknown>();
  value.forEach((one: unknown, index) => {
    if (!isObject(one)) return;
    if (seen.has(one['value']))
      found.push({ path: `${path}[${index}].value`, message: `duplicate value: ${String(one['value'])}` });
    seen.add(one['value']);
  });
};

/** `initial_option(s)` must be among the options, word for word. */
export function initialAmongOptions(key: 'initial_option' | 'initial_options'): Rule {
  return (value, path, found) => {
    if (!isObject(value)) return;
    const initial = value[key];
    if (initial === undefined || initial === null) return;
    const groups = Array.isArray(value['option_groups']) ? (value['option_groups'] as unknown[]) : [];
    const lists = [value['options'], ...groups.map((group) => (isObject(group) ? group['options'] : []))];
    const options = lists.flatMap((some) => (Array.isArray(some) ? (some as unknown[]) : []));
    const known = new Set(options.map(sameness));
    for (const one of Array.isArray(initial) ? (initial as unknown[]) : [initial]) {
      if (!known.has(sameness(one)))
        found.push({ path: `${path}.${key}`, message: 'must be one of the options, exactly' });
    }
  };
}

function sameness(one: unknown): string {
  if (!isObject(one)) return JSON.stringify(one);
  const text = isObject(one['text']) ? one['text']['text'] : undefined;
  return JSON.stringify([text, one['value']]);
}
