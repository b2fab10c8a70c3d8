import { emoji, emojiNode, shown } from './emoji.js';
import { h } from './dom.js';

// Slack's mrkdwn as nodes (docs.slack.dev/messaging/formatting-message-text). Never HTML strings.

const TOKEN = new RegExp(
  [
    '(?<code>`[^`\\n]+`)',
    '(?<angle><[^<>\\n]+>)',
    "(?<emoji>:[a-z0-9_+'-]+(?:::skin-tone-\\d)?:)",
    '(?<![\\w*])(?<bold>\\*(?=[^\\s*])[^\\n]*?[^\\s*]\\*|\\*[^\\s*]\\*)(?![\\w*])',
    '(?<![\\w_])(?<italic>_(?=[^\\s_])[^\\n]*?[^\\s_]_|_[^\\s_]_)(?![\\w_])',
    '(?<![\\w~])(?<strike>~(?=[^\\s~])[^\\n]*?[^\\s~]~|~[^\\s~]~)(?![\\w~])',
  ].join('|'),
);

/** `directory` names people and channels: { user(id), channel(id) }. */
export function mrkdwn(text, directory) {
  return text
    .split(/(```[\s\S]*?```)/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const fence = /^```\n?([\s\S]*?)\n?```$/.exec(part);
      return fence ? [h('pre', entities(fence[1]))] : lines(part, directory);
    });
}

/** Plain text with emoji names, as plain_text objects show it. */
export function plain(text) {
  return text.replaceAll(/:([a-z0-9_+'-]+):/g, (_, name) => emoji(name));
}

function lines(text, directory) {
  const out = [];
  let quote = null;
  text.split('\n').forEach((line, index, all) => {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = h('blockquote')));
      else quote.append(h('br'));
      quote.append(...inline(quoted[1], directory));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    if (index > 0 && !afterQuote) out.push(h('br'));
    if (line === '' && afterQuote && index === all.length - 1) return;
    out.push(...inline(line, directory));
  });
  return out;
}

function inline(text, directory) {
  const out = [];
  let rest = text;
  for (let match = TOKEN.exec(rest); match; match = TOKEN.exec(rest)) {
    if (match.index > 0) out.push(...shown(entities(rest.slice(0, match.index))));
    out.push(token(match.groups, directory));
    rest = rest.slice(match.index + match[0].length);
    // A marker just before would otherwise be seen as the start of a word.
    if (rest === '') break;
  }
  if (rest !== '') out.push(...shown(entities(rest)));
  return out;
}

function token({ code, angle, emoji: colons, bold, italic, strike }, directory) {
  if (code) return h('code', entities(code.slice(1, -1)));
  if (angle) return link(angle.slice(1, -1), directory);
  if (colons) return emojiNode(colons.slice(1, -1));
  const [tag, marked] = bold ? ['strong', bold] : italic ? ['em', italic] : ['s', strike];
  return h(tag, inline(marked.slice(1, -1), directory));
}

function link(inner, directory) {
  const [target, label] = split(inner, '|');
  if (target.startsWith('@')) return h('span.mention', `@${directory.user(target.slice(1))}`);
  if (target.startsWith('#')) return h('span.mention', `#${label ?? directory.channel(target.slice(1))}`);
  if (target.startsWith('!date^')) return date(target, label ?? '');
  if (target.startsWith('!')) return h('span.mention', `@${label ?? target.slice(1).split('^')[0]}`);
  return anchor(entities(target), label === undefined ? entities(target) : plain(entities(label)));
}

export function anchor(url, label) {
  const safe = /^(https?:|mailto:)/i.test(url);
  return safe ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label) : h('span', label);
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split('^');
  const node = h('time', { dataset: { at: seconds, format: format ?? '', fallback: entities(fallback) } });
  showTime(node);
  return url
    ? h('a', { href: /^https?:/.test(url) ? url : null, target: '_blank', rel: 'noopener noreferrer' }, node)
    : node;
}

/** Fills a <time>; called again every few seconds, so that countdowns run. */
export function showTime(node) {
  const at = new Date(Number(node.dataset.at) * 1000);
  if (Number.isNaN(at.getTime())) {
    node.textContent = node.dataset.fallback;
    return;
  }
  const text = node.dataset.format.replaceAll(/\{(\w+)\}/g, (whole, name) => formatted(name, at) ?? whole);
  if (node.textContent !== text) node.textContent = text;
  node.title = at.toLocaleString('en-GB');
}

function formatted(name, at) {
  const words = (options) => at.toLocaleDateString('en-US', options);
  const days = Math.round((startOfDay(at) - startOfDay(new Date())) / 86_400_000);
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
  const full = {
    date_num: () => at.toISOString().slice(0, 10),
    date: () => words({ month: 'long', day: 'numeric', year: 'numeric' }),
    date_short: () => words({ month: 'short', day: 'numeric', year: 'numeric' }),
    date_long: () => words({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
    time: () => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
    time_secs: () => at.toLocaleTimeString('en-GB'),
    ago: () => ago(at),
  };
  if (name.endsWith('_pretty')) return near ?? full[name.replace('_pretty', '')]?.();
  return full[name]?.();
}

function startOfDay(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

export function ago(at) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

export function entities(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

setInterval(() => document.querySelectorAll('time[data-format]').forEach(showTime), 5_000);
