import { h } from './dom.js';
import { icon } from './icons.js';

const EMOJI = {
  '+1': '👍',
  '-1': '👎',
  eyes: '👀',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  ticket: '🎫',
  admission_tickets: '🎟️',
  warning: '⚠️',
  rotating_light: '🚨',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  large_purple_circle: '🟣',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  clock3: '🕒',
  alarm_clock: '⏰',
  stopwatch: '⏱️',
  timer_clock: '⏲️',
  tada: '🎉',
  wave: '👋',
  fire: '🔥',
  x: '❌',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  question: '❓',
  exclamation: '❗',
  bulb: '💡',
  memo: '📝',
  pencil: '📝',
  pencil2: '✏️',
  lock: '🔒',
  unlock: '🔓',
  email: '📧',
  envelope: '✉️',
  incoming_envelope: '📨',
  outbox_tray: '📤',
  inbox_tray: '📥',
  mailbox: '📫',
  speech_balloon: '💬',
  bust_in_silhouette: '👤',
  busts_in_silhouette: '👥',
  label: '🏷️',
  mag: '🔍',
  bell: '🔔',
  no_bell: '🔕',
  zap: '⚡',
  star: '⭐',
  sparkles: '✨',
  rocket: '🚀',
  pushpin: '📌',
  paperclip: '📎',
  link: '🔗',
  calendar: '📅',
  chart_with_upwards_trend: '📈',
  bar_chart: '📊',
  moneybag: '💰',
  hammer_and_wrench: '🛠️',
  wrench: '🔧',
  gear: '⚙️',
  robot_face: '🤖',
  slightly_smiling_face: '🙂',
  smile: '😄',
  thinking_face: '🤔',
  pray: '🙏',
  clap: '👏',
  raised_hands: '🙌',
  heart: '❤️',
  zzz: '💤',
  leftwards_arrow_with_hook: '↩️',
  arrow_right: '➡️',
  arrow_up: '⬆️',
  arrow_down: '⬇️',
  arrows_counterclockwise: '🔄',
  new: '🆕',
  ok: '🆗',
  information_source: 'ℹ️',
  house: '🏠',
  open_file_folder: '📂',
  wastebasket: '🗑️',
  double_vertical_bar: '⏸️',
  arrow_forward: '▶️',
  triangular_flag_on_post: '🚩',
  small_red_triangle: '🔺',
  checkered_flag: '🏁',
  umbrella: '☔',
  palm_tree: '🌴',
  package: '📦',
  clipboard: '📋',
  card_index_dividers: '🗂️',
  scales: '⚖️',
  ghost: '👻',
  inbox: '📥',
};

const NAMES = new Map(Object.entries(EMOJI).map(([name, character]) => [character.replace('\uFE0F', ''), name]));
const CHARACTERS = new RegExp(`(${[...NAMES.keys()].sort((a, b) => b.length - a.length).join('|')})\uFE0F?`, 'u');

const DOTS = {
  red_circle: '#d1453b',
  large_orange_circle: '#e08a2e',
  large_yellow_circle: '#e3b93c',
  large_green_circle: '#2f9e6e',
  large_blue_circle: '#2f7fc4',
  large_purple_circle: '#8a63ad',
  white_circle: '#e3e8ee',
  black_circle: '#3b4450',
};

/** Stand-ins where the machine has no emoji font: [icon, colour]. */
const ICONS = {
  eyes: ['eye'],
  white_check_mark: ['check', '#1c7a55'],
  heavy_check_mark: ['check', '#1c7a55'],
  ticket: ['ticket', '#8a5a00'],
  admission_tickets: ['ticket', '#8a5a00'],
  email: ['mail'],
  envelope: ['mail'],
  incoming_envelope: ['mail', '#1f6fb2'],
  outbox_tray: ['mail', '#1c7a55'],
  inbox_tray: ['mail', '#1f6fb2'],
  mailbox: ['mail'],
  stopwatch: ['clock'],
  timer_clock: ['clock'],
  clock3: ['clock'],
  alarm_clock: ['clock', '#b3382c'],
  hourglass: ['hourglass'],
  hourglass_flowing_sand: ['hourglass'],
  warning: ['warning', '#b0700c'],
  rotating_light: ['siren', '#c2382c'],
  exclamation: ['warning', '#c2382c'],
  no_entry: ['cross', '#c2382c'],
  no_entry_sign: ['cross', '#c2382c'],
  x: ['cross', '#c2382c'],
  speech_balloon: ['bubble'],
  paperclip: ['clip'],
  memo: ['pencil'],
  pencil: ['pencil'],
  pencil2: ['pencil'],
  lock: ['lock', '#8a5a00'],
  unlock: ['lock'],
  fire: ['flame', '#d1662e'],
  bell: ['bell', '#8a5a00'],
  no_bell: ['bell'],
  bust_in_silhouette: ['person'],
  busts_in_silhouette: ['person'],
  label: ['label', '#1f6fb2'],
  mag: ['search'],
  leftwards_arrow_with_hook: ['back'],
  star: ['star', '#c08a10'],
  sparkles: ['star', '#c08a10'],
  tada: ['star', '#8a63ad'],
  '+1': ['thumb', '#8a5a00'],
  zap: ['bolt', '#c08a10'],
  calendar: ['calendar'],
  question: ['question', '#c2382c'],
  information_source: ['question', '#1f6fb2'],
  bulb: ['bulb', '#c08a10'],
  bar_chart: ['chart'],
  chart_with_upwards_trend: ['chart'],
  double_vertical_bar: ['pause'],
};

/** Whether this machine can draw emoji: without a font, two of them look alike. */
const hasFont = (() => {
  const drawn = (character) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 24;
    const context = canvas.getContext('2d');
    context.font = '18px sans-serif';
    context.fillText(character, 0, 20);
    return canvas.toDataURL();
  };
  return drawn('🎫') !== drawn('👀');
})();

/** The character for a name such as `eyes`, or the name in colons when we have none. */
export function emoji(name) {
  return EMOJI[bare(name)] ?? `:${name}:`;
}

/** The same as a node, with an icon in its place where there is no font. */
export function emojiNode(name) {
  const known = bare(name);
  const title = `:${name}:`;
  if (DOTS[known]) return h('span.dot', { title, style: `background:${DOTS[known]}` });
  if (hasFont || !EMOJI[known]) return document.createTextNode(emoji(name));
  return h('span.emoji', { title }, icon(...(ICONS[known] ?? ['smile'])));
}

/** Text with its emoji (as characters, or with `colons` as names) made to show everywhere. */
export function shown(text, colons = false) {
  const named = colons ? text.replaceAll(/:([a-z0-9_+'-]+):/g, (_, name) => emoji(name)) : text;
  const out = [];
  let rest = named;
  for (let match = CHARACTERS.exec(rest); match; match = CHARACTERS.exec(rest)) {
    if (match.index > 0) out.push(rest.slice(0, match.index));
    out.push(emojiNode(NAMES.get(match[1])));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== '') out.push(rest);
  return out;
}

const bare = (name) => name.replace(/::skin-tone-\d$/, '');

export const QUICK_REACTIONS = ['eyes', 'white_check_mark', 'ticket', '+1', 'tada'];
