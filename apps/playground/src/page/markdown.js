import { h } from './dom.js';
import { anchor } from './mrkdwn.js';

// The `markdown` block: the part of standard Markdown that Slack shows, as nodes.

export function markdown(text) {
  const out = [];
  let list = null;
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(line);
    if (item) {
      const tag = item[1] ? 'ol' : 'ul';
      if (!list || list.tagName.toLowerCase() !== tag) out.push((list = h(tag)));
      list.append(h('li', inline(item[2])));
      continue;
    }
    list = null;
    if (line.startsWith('```')) {
      const end = lines.findIndex((one, at) => at > index && one.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      out.push(h('pre', lines.slice(index + 1, last).join('\n')));
      index = last;
    } else if (/^#{1,6}\s/.test(line)) out.push(h('h4', inline(line.replace(/^#+\s+/, ''))));
    else if (/^>\s?/.test(line)) out.push(h('blockquote', inline(line.replace(/^>\s?/, ''))));
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) out.push(h('hr'));
    else if (line.trim() !== '') out.push(h('p', inline(line)));
  }
  return out;
}

const INLINE =
  /(?<code>`[^`]+`)|\[(?<label>[^\]]+)\]\((?<url>[^)\s]+)\)|(?<bold>\*\*.+?\*\*|__.+?__)|(?<strike>~~.+?~~)|(?<italic>\*[^*\s][^*]*\*|(?<!\w)_[^_\s][^_]*_(?!\w))/;

function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return [text];
  const { code, label, url, bold, strike, italic } = match.groups;
  const node = code
    ? h('code', code.slice(1, -1))
    : url
      ? anchor(url, label)
      : bold
        ? h('strong', inline(bold.slice(2, -2)))
        : strike
          ? h('s', inline(strike.slice(2, -2)))
          : h('em', inline(italic.slice(1, -1)));
  return [text.slice(0, match.index), node, ...inline(text.slice(match.index + match[0].length))];
}
