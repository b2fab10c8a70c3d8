import { describe, expect, it } from '@jest/globals';
import { htmlToText } from './html-text.js';

describe('htmlToText', () => {
  it('reads paragraphs, lists, tables, links, pictures and entities', () => {
    const html = `<html><head><title>no</title><style>p{}</style></head><body><p>Hello&nbsp;&amp; <b>welcome</b>,</p>
      <ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>
      <a href="https://acme.test/x">the docs</a> <a href="https://acme.test">acme.test</a><br>
      <img alt="screen" src="cid:1"><script>alert(1)</script><div style="display:none">hidden</div><pre>x  y
z</pre></body></html>`;
    expect(htmlToText(html).text).toBe(
      'Hello\u00a0& welcome,\n\n- one\n- two\n\na b\nc d\n\nthe docs <https://acme.test/x> acme.test\n[screen]\n\nx  y\nz',
    );
  });

  it.each([
    ['Gmail', '<div>new</div><div class="gmail_quote"><div>On … wrote:</div><blockquote>old</blockquote></div>'],
    ['Apple Mail', '<div>new</div><blockquote type="cite"><div>old</div></blockquote>'],
    [
      'Thunderbird',
      '<p>new</p><div class="moz-cite-prefix">Am … schrieb:</div><blockquote type="cite" cite="mid:x">old</blockquote>',
    ],
    [
      'Outlook on the web',
      '<div>new</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><div>old</div>',
    ],
    [
      'Outlook',
      '<div><p>new</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: x</p></div><p>old</p></div>',
    ],
    ['Yahoo', '<div>new</div><div class="yahoo_quoted" id="yahoo_quoted_1">old</div>'],
    ['Proton', '<div>new</div><div class="protonmail_quote">old</div>'],
    ['a signature', '<div>new</div><div class="gmail_signature">Ann, old</div>'],
  ])('knows what %s marks as old', (_, html) => {
    const read = htmlToText(html);
    expect(read.unquoted).toBe('new');
    expect(read.text).toContain('old');
  });

  it('shows quotations as such in the whole text', () => {
    expect(htmlToText('a<blockquote>b<blockquote>c</blockquote></blockquote>d').text).toBe('a\n\n> b\n>\n>> c\n>\nd');
  });

  it.each([
    ['unclosed', '<div>'.repeat(200_000)],
    ['unclosed inline', '<span>'.repeat(200_000)],
    ['stray closing tags', '<b>'.repeat(1000) + '</i>'.repeat(250_000)],
    ['unfinished tags', '<a href="'.repeat(110_000)],
    ['comments', '<!--'.repeat(250_000)],
    ['entities', '&amp'.repeat(250_000)],
    ['attributes', `<a ${'b=c '.repeat(250_000)}>`],
    ['quotations', '<blockquote>x'.repeat(80_000)],
    ['empty', ''],
  ])('reads a megabyte of %s in a few seconds at worst', (_, html) => {
    const started = performance.now();
    const read = htmlToText(`first${html}`);
    expect(performance.now() - started).toBeLessThan(4000);
    expect(read.text.startsWith('first')).toBe(true);
  });
});
